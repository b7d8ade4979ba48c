#pragma once
// Figure: the samples that a model gets most wrong.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <nacre/reports/number_text.hpp>
#include <nacre/reports/picture_grid.hpp>

namespace nacre::reports {

struct MisclassifiedOptions {
  std::int64_t count = 9;       ///< how many, the worst first; all where there are fewer
  std::int64_t columns = 3;     ///< in a row
  ClassNames class_names = {};  ///< class numbers where they are missing
  std::int64_t scale = 0;       ///< pixels of the figure for a pixel of a picture; 0: about 140 a picture
  Shape shape = {};  ///< (height, width) or (height, width, channels); empty: as the features are, or a square
};

/// The misclassified samples of `data`, worst first (`Classification::misclassified`), each with its true class and the
/// three classes that the model finds most probable, as text and bars. A check mark stands at the true one. Where every
/// sample is right the figure says so. Pictures are as `samples` draws them. Throws ShapeError for features that are no
/// pictures and for a classification of other samples, ValueError for a count or columns below 1; Error without libpng.
inline Figure misclassified(const Dataset& data, const Classification& classification,
                            const MisclassifiedOptions& options = {}) {
  constexpr double size = 12;
  constexpr std::int64_t room = 160;
  detail::require_same_samples("misclassified", data, classification);
  std::vector<std::int64_t> worst = classification.misclassified();
  worst.resize(detail::first_samples("misclassified", options.count, static_cast<std::int64_t>(worst.size())).size());
  detail::PictureGrid grid(data, {.figure = "misclassified",
                                  .samples = worst,
                                  .columns = options.columns,
                                  .scale = options.scale,
                                  .shape = options.shape,
                                  .room_right = room});
  return grid.canvas().figure();
}

}  // namespace nacre::reports
