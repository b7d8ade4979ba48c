#pragma once
// PictureGrid: pictures in rows and columns, each with room for words.

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/shape.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/reports/canvas.hpp>
#include <nacre/reports/class_names.hpp>
#include <nacre/reports/classification.hpp>
#include <nacre/reports/pictures.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports::detail {

/// What a grid is made from.
struct PictureGridOptions {
  std::string_view figure;        ///< its name, for errors
  List<std::int64_t> samples;     ///< of the data set
  std::int64_t columns;           ///< pictures in a row
  std::int64_t scale;             ///< pixels of the figure a pixel of a picture; 0: as suits the eye
  Shape shape;                    ///< of a picture; empty: as the features are
  std::int64_t room_right = 0;    ///< for words next to each picture
  std::int64_t column_gap = 18;   ///< between what belongs to one picture and the next
  std::int64_t room_below = 0;    ///< for words below each picture
  std::int64_t least_width = 0;   ///< of a picture's place, for words below it
  std::int64_t least_height = 0;  ///< of a picture's place, for words next to it
};

/// A canvas with the pictures of samples on it. Its size, and where each picture lies, follow from the options.
class PictureGrid {
 public:
  /// Throws ShapeError where the features are no pictures, ValueError for no sample or one that `data` does not have,
  /// for less than one column, a scale below 0 or above 1024, and for a figure of more than 2^28 pixels.
  PictureGrid(const Dataset& data, const PictureGridOptions& options)
      : options_(options), pictures_(pictures_of(options.figure, data, options.samples, options.shape)) {
    require<ValueError>(options.columns >= 1, options.figure, ": expected 1 column or more, got ", options.columns);
    require<ValueError>(options.scale >= 0 && options.scale <= 1024, options.figure,
                        ": expected a scale from 0 to 1024, got ", options.scale);
    require<ValueError>(!pictures_.empty(), options.figure, ": expected 1 sample or more, got none");
    fit();
    const auto count = static_cast<std::int64_t>(pictures_.size());
    const std::int64_t columns = std::min(options.columns, count);
    const std::int64_t rows = (count + columns - 1) / columns;
    const std::int64_t width = 2 * margin + columns * cell_width() + (columns - 1) * options.column_gap;
    const std::int64_t height = 2 * margin + rows * cell_height() + (rows - 1) * row_gap;
    constexpr std::int64_t most = std::int64_t{1} << 28;
    require<ValueError>(height <= most / width, options.figure, ": expected a figure of at most 2^28 pixels, got ",
                        width, " times ", height, "; show fewer samples or choose a smaller scale");
    canvas_ = Canvas(width, height, palette::surface);
    for (std::size_t index = 0; index < pictures_.size(); ++index) {
      const Box to = place(index);
      canvas_.picture(to.x + (to.width - pictures_[0].width * scale_) / 2, to.y, pictures_[index], scale_);
    }
  }

  Canvas& canvas() { return canvas_; }

  /// The place of picture `index`, at the top of which it stands in the middle.
  Box place(std::size_t index) const {
    const std::int64_t column = static_cast<std::int64_t>(index) % options_.columns;
    const std::int64_t row = static_cast<std::int64_t>(index) / options_.columns;
    return {margin + column * (cell_width() + options_.column_gap), margin + row * (cell_height() + row_gap),
            place_width(), place_height()};
  }

 private:
  static constexpr std::int64_t margin = 20;
  static constexpr std::int64_t row_gap = 18;

  /// Small pictures are enlarged, large ones shrunk, unless a scale was asked for.
  void fit() {
    constexpr std::int64_t usual = 140;
    constexpr std::int64_t largest = 280;
    const std::int64_t side = std::max(pictures_[0].height, pictures_[0].width);
    scale_ = options_.scale > 0 ? options_.scale : std::max<std::int64_t>(1, usual / side);
    if (options_.scale > 0 || side <= largest) return;
    for (Image& picture : pictures_) picture = shrunk(picture, (side + largest - 1) / largest);
  }

  std::int64_t place_width() const { return std::max(pictures_[0].width * scale_, options_.least_width); }
  std::int64_t place_height() const { return std::max(pictures_[0].height * scale_, options_.least_height); }
  std::int64_t cell_width() const { return place_width() + options_.room_right; }
  std::int64_t cell_height() const { return place_height() + options_.room_below; }

  PictureGridOptions options_;
  List<Image> pictures_;
  std::int64_t scale_ = 1;
  Canvas canvas_{1, 1, palette::surface};
};

/// A figure of nothing but words.
inline Figure message_figure(std::string_view message) {
  constexpr double size = 14;
  constexpr double margin = 28;
  Canvas canvas(static_cast<std::int64_t>(pixel_text_width(message, size) + 2 * margin),
                static_cast<std::int64_t>(size + 2 * margin), palette::surface);
  canvas.text(margin, margin + size, message, size, palette::muted);
  return canvas.figure();
}

/// The samples from 0 on, at most `count` of them. Throws ValueError, which names `figure`, below 1.
inline List<std::int64_t> first_samples(std::string_view figure, std::int64_t count, std::int64_t size) {
  require<ValueError>(count >= 1, figure, ": expected a count of 1 or more, got ", count);
  List<std::int64_t> samples(static_cast<std::size_t>(std::min(count, size)));
  std::iota(samples.begin(), samples.end(), std::int64_t{0});
  return samples;
}

/// Throws, in the name of `figure`, ShapeError unless the two speak of equally many samples, ValueError for numbers
/// that are no probabilities, as those of a model that ends in logits. NaN, of a model that has diverged, is let pass.
inline void require_classified(std::string_view figure, const Dataset& data, const Classification& classification) {
  require<ShapeError>(data.size() == classification.size(), figure, ": expected the data set that was classified, of ",
                      classification.size(), " samples, got one of ", data.size());
  constexpr double rounding = 1e-3;
  for (std::int64_t sample = 0; sample < classification.size(); ++sample) {
    for (std::int64_t label = 0; label < classification.classes(); ++label) {
      const double probability = classification.probability(sample, label);
      require<ValueError>(!(probability < -rounding || probability > 1 + rounding), figure,
                          ": expected probabilities, got ", probability, " for class ", label, " of sample ", sample,
                          "; does the model end in logits? Then give their softmax");
    }
  }
}

/// What a class is called in a picture: its number, where the font lacks a letter of its name.
inline std::string pixel_class_name(const ClassNames& names, std::int64_t label) {
  std::string name = class_name(names, label);
  return can_draw(name) ? name : std::to_string(label);
}

/// The beginning of `text` that fits `room` pixels.
inline std::string fitting(std::string_view text, double room, double size) {
  return shortened(text, room, [&](std::string_view part) { return pixel_text_width(part, size); });
}

}  // namespace nacre::reports::detail
