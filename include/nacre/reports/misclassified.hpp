#pragma once
// Figure: the samples that a model gets most wrong.

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <nacre/core/list.hpp>
#include <nacre/reports/number_text.hpp>
#include <nacre/reports/picture_grid.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports {

/// Options of `misclassified`.
struct MisclassifiedOptions {
  std::int64_t count = 9;       ///< how many, the worst first; all where there are fewer
  std::int64_t columns = 3;     ///< in a row
  ClassNames class_names = {};  ///< class numbers where they are missing
  std::int64_t scale = 0;       ///< pixels of the figure for a pixel of a picture; 0: about 140 a picture
  Shape shape = {};  ///< (height, width) or (height, width, channels); empty: as the features are, or a square
};

namespace detail {

/// Next to the picture at `place`: the true class, and below it the classes that are most probable.
inline void draw_ranking(Canvas& canvas, const Box& place, double room, const Classification& classification,
                         std::int64_t sample, const ClassNames& names) {
  constexpr double size = 12;
  const double left = static_cast<double>(place.x + place.width) + 14;
  const double right = left + room;
  const auto top = static_cast<double>(place.y);
  const std::int64_t truth = classification.truth(sample);
  const List<std::int64_t> ranked = classification.ranked(sample);
  const std::string number = "#" + std::to_string(sample);
  const double number_width = pixel_text_width(number, 9);
  canvas.text(left, top + size, fitting("truth " + pixel_class_name(names, truth), room - number_width - 8, size), size,
              palette::ink);
  canvas.text(right - number_width, top + size, number, 9, palette::muted);
  double baseline = top + 50;
  for (std::size_t rank = 0; rank < std::min<std::size_t>(3, ranked.size()); ++rank, baseline += 38) {
    const std::int64_t label = ranked[rank];
    const double share = classification.probability(sample, label);
    const std::string probability = percent(share);
    const double width = pixel_text_width(probability, size);
    const Colour colour = rank == 0 ? palette::orange : label == truth ? palette::blue : palette::muted;
    const std::string mark = rank == 0 ? "\u2717 " : label == truth ? "\u2713 " : "";
    canvas.text(left, baseline, fitting(mark + pixel_class_name(names, label), room - width - 8, size), size, colour);
    canvas.text(right - width, baseline, probability, size, palette::ink);
    const Box bar{static_cast<std::int64_t>(left), static_cast<std::int64_t>(baseline) + 7,
                  static_cast<std::int64_t>(room), 6};
    canvas.fill(bar, palette::track);
    const double length = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) * room : 0;
    canvas.fill({bar.x, bar.y, std::llround(length), bar.height}, colour);
  }
}

}  // namespace detail

/// The misclassified samples of `data`, worst first (`Classification::misclassified`), each with its true class, its
/// number, and the three classes that the model finds most probable, as text and bars: a cross stands at the predicted
/// one, a check mark at the true one. Where every sample is right the figure says so. Pictures are as `samples` draws
/// them. Throws ShapeError for features that are no pictures and for a classification of other samples, ValueError for
/// logits and for a count or columns below 1; Error without libpng.
inline Figure misclassified(const Dataset& data, const Classification& classification,
                            const MisclassifiedOptions& options = {}) {
  constexpr std::int64_t room = 160;
  detail::require_classified("misclassified", data, classification);
  List<std::int64_t> worst = classification.misclassified();
  worst.resize(detail::first_samples("misclassified", options.count, static_cast<std::int64_t>(worst.size())).size());
  if (worst.empty()) return detail::message_figure("No sample is misclassified.");
  detail::PictureGrid grid(data, {.figure = "misclassified",
                                  .samples = worst,
                                  .columns = options.columns,
                                  .scale = options.scale,
                                  .shape = options.shape,
                                  .room_right = room + 14,
                                  .column_gap = 32,
                                  .least_height = 140});
  for (std::size_t index = 0; index < worst.size(); ++index) {
    detail::draw_ranking(grid.canvas(), grid.place(index), room, classification, worst[index], options.class_names);
  }
  return grid.canvas().figure();
}

}  // namespace nacre::reports
