#pragma once
// Figure: samples with what a model takes them for.

#include <cstdint>

#include <nacre/core/list.hpp>
#include <nacre/reports/number_text.hpp>
#include <nacre/reports/picture_grid.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports {

/// Options of `predictions`.
struct PredictionsOptions {
  std::int64_t count = 15;          ///< how many from the first on; all where there are fewer
  List<std::int64_t> samples = {};  ///< which, in place of the first
  std::int64_t columns = 5;         ///< in a row
  ClassNames class_names = {};      ///< class numbers where they are missing
  std::int64_t scale = 0;           ///< pixels of the figure for a pixel of a picture; 0: about 140 a picture
  Shape shape = {};  ///< (height, width) or (height, width, channels); empty: as the features are, or a square
};

/// A grid of the pictures of `data`, each with the class that the model predicts, its confidence and the true class. A
/// check mark stands before a right one, a cross before a wrong one, whose picture has a frame. Pictures are as
/// `samples` draws them. Throws ShapeError for features that are no pictures and for a classification of other samples,
/// ValueError for logits, an empty data set, a sample it does not have, and for a count or columns below 1; Error
/// without libpng.
inline Figure predictions(const Dataset& data, const Classification& classification,
                          const PredictionsOptions& options = {}) {
  constexpr double size = 12;
  detail::require_classified("predictions", data, classification);
  const auto shown =
      options.samples.empty() ? detail::first_samples("predictions", options.count, data.size()) : options.samples;
  detail::PictureGrid grid(data, {.figure = "predictions",
                                  .samples = shown,
                                  .columns = options.columns,
                                  .scale = options.scale,
                                  .shape = options.shape,
                                  .room_below = 46,
                                  .least_width = 112});
  detail::Canvas& canvas = grid.canvas();
  for (std::size_t index = 0; index < shown.size(); ++index) {
    const std::int64_t sample = shown[index];
    const detail::Box place = grid.place(index);
    const bool correct = classification.correct(sample);
    const auto left = static_cast<double>(place.x);
    const auto bottom = static_cast<double>(place.y + place.height);
    const auto width = static_cast<double>(place.width);
    const auto colour = correct ? detail::palette::blue : detail::palette::orange;
    const std::string confidence = detail::percent(classification.confidence(sample));
    const double confidence_width = detail::pixel_text_width(confidence, size);
    const auto name = [&](std::int64_t label) { return detail::pixel_class_name(options.class_names, label); };
    if (!correct) canvas.frame(place, 3, colour);
    canvas.text(left, bottom + 22,
                detail::fitting((correct ? "\u2713 " : "\u2717 ") + name(classification.predicted(sample)),
                                width - confidence_width - 8, size),
                size, colour);
    canvas.text(left + width - confidence_width, bottom + 22, confidence, size, detail::palette::ink);
    canvas.text(left, bottom + 42, detail::fitting("truth " + name(classification.truth(sample)), width, size), size,
                detail::palette::muted);
  }
  return canvas.figure();
}

}  // namespace nacre::reports
