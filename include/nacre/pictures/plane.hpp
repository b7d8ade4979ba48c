#pragma once
// Plane: a picture of one channel in numbers, and what is done to such pictures: resizing, smoothing, and the least and
// greatest values around a pixel.

#include <nacre/core/list.hpp>
#include <nacre/core/version.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets::detail {

/// A picture of one channel: light from 0 to 1, or the share of ink in a pixel.
struct Plane {
  int height = 0;
  int width = 0;
  std::vector<float> values{};

  Plane() = default;
  Plane(int height_, int width_, float value = 0)
      : height(height_),
        width(width_),
        values(static_cast<std::size_t>(height_) * static_cast<std::size_t>(width_), value) {}

  float& at(int y, int x) { return values[index(y, x)]; }
  float at(int y, int x) const { return values[index(y, x)]; }
  /// The value, and 0 outside.
  float or_zero(int y, int x) const { return y >= 0 && x >= 0 && y < height && x < width ? at(y, x) : 0; }
  std::size_t index(int y, int x) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
  }
};

/// Rows become columns.
inline Plane transposed(const Plane& plane) {
  Plane result(plane.width, plane.height);
  for (int y = 0; y < plane.height; ++y) {
    for (int x = 0; x < plane.width; ++x) result.at(x, y) = plane.at(y, x);
  }
  return result;
}

/// The value that `share` of all pixels stay below, 0 to 1.
inline float quantile(std::vector<float> values, double share) {
  const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return values[static_cast<std::size_t>(place)];
}

/// What one pixel of a resized row is made of: neighbouring pixels of the old row from `first` on, and their weights.
struct Mixture {
  int first;
  std::vector<float> weights;
};

/// How a row of `from` pixels becomes one of `to`: each new pixel is the mean of what it covers where there are fewer,
/// and lies on the line between two old pixels' centres where there are more.
inline List<Mixture> mixtures(int from, int to) {
  const double scale = static_cast<double>(from) / to;
  const double reach = std::max(scale, 1.0) / 2;  // half of what is covered; a pixel at least
  List<Mixture> result(static_cast<std::size_t>(to));
  for (int i = 0; i < to; ++i) {
    const double centre = std::clamp((i + 0.5) * scale, reach, from - reach);
    Mixture& mixture = result[static_cast<std::size_t>(i)];
    mixture.first = static_cast<int>(std::floor(centre - reach));
    for (int pixel = mixture.first; pixel < centre + reach && pixel < from; ++pixel) {
      const double covered = std::min(centre + reach, pixel + 1.0) - std::max(centre - reach, pixel * 1.0);
      mixture.weights.push_back(static_cast<float>(covered / (2 * reach)));
    }
  }
  return result;
}

/// Each row in `width` pixels.
inline Plane with_width(const Plane& plane, int width) {
  const List<Mixture> columns = mixtures(plane.width, width);
  Plane result(plane.height, width);
  for (int y = 0; y < plane.height; ++y) {
    for (int x = 0; x < width; ++x) {
      const Mixture& column = columns[static_cast<std::size_t>(x)];
      const float* from = &plane.values[plane.index(y, column.first)];
      float sum = 0;
      for (std::size_t i = 0; i < column.weights.size(); ++i) sum += column.weights[i] * from[i];
      result.at(y, x) = sum;
    }
  }
  return result;
}

/// The picture in another size, by area averages and, where it grows, linearly.
inline Plane resized(const Plane& plane, int height, int width) {
  return transposed(with_width(transposed(with_width(plane, width)), height));
}

/// Height and width of a picture in proportion, the longer one between `least` and `most`, the other at least 1.
inline std::pair<int, int> scaled_size(std::int64_t height, std::int64_t width, int least, int most) {
  const auto longer = static_cast<double>(std::max(height, width));
  const double scale = std::clamp(longer, static_cast<double>(least), static_cast<double>(most)) / longer;
  const auto side = [&](std::int64_t length) {
    return std::max(1, static_cast<int>(std::lround(static_cast<double>(length) * scale)));
  };
  return {side(height), side(width)};
}

/// The picture in proportion, its longer side between `least` and `most`. One without pixels stays as it is.
inline Plane scaled(const Plane& plane, int least, int most) {
  if (plane.values.empty()) return plane;
  const auto [height, width] = scaled_size(plane.height, plane.width, least, most);
  return resized(plane, height, width);
}

/// `combine` of each pixel and those up to `radius` away in its row; beyond the edges there are none.
template <class Combine>
Plane along_rows(const Plane& plane, int radius, Combine combine) {
  Plane result(plane.height, plane.width);
  for (int y = 0; y < plane.height; ++y) {
    for (int x = 0; x < plane.width; ++x) {
      const auto row = plane.values.begin() + static_cast<std::ptrdiff_t>(plane.index(y, 0));
      result.at(y, x) = combine(row + std::max(x - radius, 0), row + std::min(x + radius + 1, plane.width));
    }
  }
  return result;
}

/// The same along rows and then along columns: over squares.
template <class Combine>
Plane over_squares(const Plane& plane, int radius, Combine combine) {
  if (radius <= 0) return plane;
  return transposed(along_rows(transposed(along_rows(plane, radius, combine)), radius, combine));
}

/// The greatest value of each pixel's square.
inline Plane dilated(const Plane& plane, int radius) {
  return over_squares(plane, radius, [](auto first, auto last) { return *std::max_element(first, last); });
}

/// The least value of each pixel's square.
inline Plane eroded(const Plane& plane, int radius) {
  return over_squares(plane, radius, [](auto first, auto last) { return *std::min_element(first, last); });
}

/// The mean of each pixel's square, taken twice: smooth, and close to a Gaussian filter.
inline Plane blurred(const Plane& plane, int radius) {
  const auto mean = [](auto first, auto last) {
    float sum = 0;
    for (auto value = first; value != last; ++value) sum += *value;
    return sum / static_cast<float>(last - first);
  };
  return over_squares(over_squares(plane, radius, mean), radius, mean);
}

}  // namespace nacre::datasets::detail
