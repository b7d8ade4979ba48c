#pragma once
// The bodies of resize.hpp.

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <nacre/kernels/resize.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {
namespace detail {

/// The two pixels along an axis that an output pixel lies between, and the share of the second; -1 for one outside.
struct ResizeTaps {
  std::int64_t first;
  std::int64_t second;
  double share;
};

inline ResizeTaps resize_taps(std::int64_t i, std::int64_t out, std::int64_t frame, std::int64_t begin,
                              std::int64_t extent, bool nearest) {
  const double scale = static_cast<double>(frame) / static_cast<double>(out);
  const double centre = (static_cast<double>(i) + 0.5) * scale;
  const auto inside = [&](std::int64_t place) {
    const std::int64_t found = std::clamp<std::int64_t>(place, 0, frame - 1) + begin;
    return found >= 0 && found < extent ? found : -1;
  };
  if (nearest) {
    const std::int64_t place = inside(static_cast<std::int64_t>(std::floor(centre)));
    return {place, place, 0};
  }
  const double floor = std::floor(centre - 0.5);
  const auto place = static_cast<std::int64_t>(floor);
  return {inside(place), inside(place + 1), centre - 0.5 - floor};
}

inline ResizeTaps row_taps(const Resize& how, std::int64_t y) {
  return resize_taps(y, how.out_height, how.frame_height, how.top, how.height, how.nearest);
}
inline ResizeTaps column_taps(const Resize& how, std::int64_t x) {
  return resize_taps(x, how.out_width, how.frame_width, how.left, how.width, how.nearest);
}

}  // namespace detail

NACRE_SETUP Resize resize_frame(std::int64_t height, std::int64_t width, std::int64_t channels, std::int64_t out_height,
                                std::int64_t out_width, bool crop, bool pad) {
  Resize how{height, width, channels, out_height, out_width, height, width};
  const std::int64_t by_width = width * out_height / out_width;    // the height that goes with the width
  const std::int64_t by_height = height * out_width / out_height;  // and the other way round
  if (crop) {
    how.frame_height = std::max<std::int64_t>(std::min(height, by_width), 1);
    how.frame_width = std::max<std::int64_t>(std::min(width, by_height), 1);
    how.top = (height - how.frame_height) / 2;
    how.left = (width - how.frame_width) / 2;
  } else if (pad) {
    how.frame_height = std::max(height, by_width);
    how.frame_width = std::max(width, by_height);
    how.top = -((how.frame_height - height) / 2);
    how.left = -((how.frame_width - width) / 2);
  }
  return how;
}

NACRE_SETUP Resize center_crop(const Shape& picture, std::int64_t out_height, std::int64_t out_width) {
  const bool smaller = picture[0] < out_height || picture[1] < out_width;
  Resize how = resize_frame(picture[0], picture[1], picture[2], out_height, out_width, smaller, false);
  if (smaller) return how;
  how.frame_height = out_height;
  how.frame_width = out_width;
  how.top = (picture[0] - out_height) / 2;
  how.left = (picture[1] - out_width) / 2;
  how.nearest = true;
  return how;
}

template <class T>
void resize(const Resize& how, const T* picture, T* out) {
  const std::int64_t channels = how.channels;
  const T fill = static_cast<T>(how.fill);
  for (std::int64_t y = 0; y < how.out_height; ++y) {
    const detail::ResizeTaps rows = detail::row_taps(how, y);
    const T down = static_cast<T>(rows.share);
    for (std::int64_t x = 0; x < how.out_width; ++x, out += channels) {
      const detail::ResizeTaps columns = detail::column_taps(how, x);
      const T right = static_cast<T>(columns.share);
      const auto pixel = [&](std::int64_t row, std::int64_t column) {
        return row < 0 || column < 0 ? nullptr : picture + (row * how.width + column) * channels;
      };
      const T* const corners[4] = {pixel(rows.first, columns.first), pixel(rows.first, columns.second),
                                   pixel(rows.second, columns.first), pixel(rows.second, columns.second)};
      if (how.nearest) {
        for (std::int64_t c = 0; c < channels; ++c) out[c] = corners[0] != nullptr ? corners[0][c] : fill;
        continue;
      }
      for (std::int64_t c = 0; c < channels; ++c) {
        const auto value = [&](int corner) { return corners[corner] != nullptr ? corners[corner][c] : fill; };
        const T above = value(0) + (value(1) - value(0)) * right;
        const T below = value(2) + (value(3) - value(2)) * right;
        out[c] = above + (below - above) * down;
      }
    }
  }
}

template <class T>
void resize_gradient(const Resize& how, const T* out_gradient, T* gradient) {
  const std::int64_t channels = how.channels;
  std::fill_n(gradient, how.height * how.width * channels, T(0));
  for (std::int64_t y = 0; y < how.out_height; ++y) {
    const detail::ResizeTaps rows = detail::row_taps(how, y);
    for (std::int64_t x = 0; x < how.out_width; ++x, out_gradient += channels) {
      const detail::ResizeTaps columns = detail::column_taps(how, x);
      const auto give = [&](std::int64_t row, std::int64_t column, double share) {
        if (row < 0 || column < 0 || share == 0) return;
        T* to = gradient + (row * how.width + column) * channels;
        for (std::int64_t c = 0; c < channels; ++c) to[c] += static_cast<T>(share) * out_gradient[c];
      };
      give(rows.first, columns.first, (1 - rows.share) * (1 - columns.share));
      give(rows.first, columns.second, (1 - rows.share) * columns.share);
      give(rows.second, columns.first, rows.share * (1 - columns.share));
      give(rows.second, columns.second, rows.share * columns.share);
    }
  }
}

}  // namespace nacre::kernels
