#pragma once
// Figure: the first samples of a data set with their classes.

#include <cstdint>

#include <nacre/reports/picture_grid.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports {

/// Options of `samples`.
struct SamplesOptions {
  std::int64_t count = 9;       ///< how many; all where there are fewer
  std::int64_t columns = 3;     ///< in a row
  ClassNames class_names = {};  ///< class numbers where they are missing
  std::int64_t scale = 0;       ///< pixels of the figure for a pixel of a picture; 0: about 140 a picture
  Shape shape = {};  ///< (height, width) or (height, width, channels); empty: as the features are, or a square
};

/// A grid of the first pictures of `data`, with their classes below them where there are targets. Features are
/// (height, width), (height, width, 1), (height, width, 3) or the pixels of a square in a row, 8 by 8 or more. Numbers
/// 0 to 1, -1 to 1 and bytes, 0 to 255 with one above 64, are shown from black to white, any others from the smallest
/// to the largest; what is not finite is black. Throws ShapeError for features that are no pictures, ValueError for an
/// empty data set, for targets that are no classes, and for a count or columns below 1; Error without libpng.
inline Figure samples(const Dataset& data, const SamplesOptions& options = {}) {
  constexpr double size = 13;
  const auto shown = detail::first_samples("samples", options.count, data.size());
  detail::PictureGrid grid(data, {.figure = "samples",
                                  .samples = shown,
                                  .columns = options.columns,
                                  .scale = options.scale,
                                  .shape = options.shape,
                                  .room_below = data.has_targets() ? 26 : 0,
                                  .least_width = 60});
  for (std::size_t index = 0; data.has_targets() && index < shown.size(); ++index) {
    const detail::Box picture = grid.place(index);
    const auto room = static_cast<double>(picture.width);
    const std::string name =
        detail::fitting(detail::pixel_class_name(options.class_names, data.label(shown[index])), room, size);
    const double left = static_cast<double>(picture.x) + (room - detail::pixel_text_width(name, size)) / 2;
    grid.canvas().text(left, static_cast<double>(picture.y + picture.height) + 22, name, size, detail::palette::ink);
  }
  return grid.canvas().figure();
}

}  // namespace nacre::reports
