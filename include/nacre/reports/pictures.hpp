#pragma once
// The samples of a data set as pictures.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/shape.hpp>
#include <nacre/core/xtensor.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/data/image.hpp>

namespace nacre::reports::detail {

/// The shape (height, width, channels), 1 or 3 channels, of pictures with `features`: (height, width), (height, width,
/// channels), or (pixels,) of a square. `asked`, where it is not empty, is the shape that features are to be read in.
/// Throws ShapeError, which names `figure`, where they are no picture.
inline Shape picture_shape(std::string_view figure, const Shape& features, const Shape& asked) {
  require<ShapeError>(asked.empty() || asked.size() == features.size(), figure, ": expected a shape of ",
                      features.size(), " pixels, as features ", features, " have, got ", asked);
  Shape shape = asked.empty() ? features : asked;
  if (shape.rank() == 1) {
    const auto side = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(shape[0]))));
    if (side * side == shape[0]) shape = Shape{side, side};
  }
  if (shape.rank() == 2) shape.push_back(1);
  require<ShapeError>(shape.rank() == 3 && shape.size() > 0 && (shape[2] == 1 || shape[2] == 3), figure,
                      ": expected pictures of shape (height, width), (height, width, 1), (height, width, 3) or a "
                      "square's pixels in a row, got features of shape ",
                      features, "; say how they lie with .shape = {height, width, channels}");
  return shape;
}

/// The two numbers that are shown as black and as white.
struct Contrast {
  double black;
  double white;
};

/// What numbers from `min` to `max` most likely mean: 0 to 1, 0 to 255, -1 to 1, or else `min` to `max`.
inline Contrast contrast_of(double min, double max) {
  constexpr double rounding = 1e-4;  // of a scaling in float
  for (const Contrast usual : {Contrast{0, 1}, Contrast{0, 255}, Contrast{-1, 1}}) {
    if (min >= usual.black - rounding && max <= usual.white + rounding) return usual;
  }
  return {min, max};
}

/// The pictures of `samples`, all in one contrast. NaN is black. Throws ShapeError where `shape_asked` or the features
/// are no picture, ValueError for a sample that `data` does not have.
inline std::vector<Image> pictures_of(std::string_view figure, const Dataset& data,
                                      const std::vector<std::int64_t>& samples, const Shape& shape_asked) {
  const Shape shape = picture_shape(figure, data.feature_shape(), shape_asked);
  std::vector<xt::xarray<float>> features;
  double min = INFINITY;
  double max = -INFINITY;
  for (const std::int64_t sample : samples) {
    features.push_back(data.sample(sample));
    for (const float value : features.back()) {
      if (!std::isfinite(value)) continue;
      min = std::min(min, static_cast<double>(value));
      max = std::max(max, static_cast<double>(value));
    }
  }
  const auto [black, white] = contrast_of(min, max);
  std::vector<Image> pictures;
  for (const xt::xarray<float>& values : features) {
    Image picture(shape[0], shape[1], shape[2]);
    std::transform(values.begin(), values.end(), picture.pixels.begin(), [&, b = black, w = white](float value) {
      const double level = (static_cast<double>(value) - b) / (w - b);
      return static_cast<std::uint8_t>(level > 0 ? std::lround(255 * std::min(level, 1.0)) : 0);
    });
    pictures.push_back(std::move(picture));
  }
  return pictures;
}

/// The picture with each `divisor` by `divisor` pixels as one, their mean; incomplete ones at the right and below, too.
inline Image shrunk(const Image& picture, std::int64_t divisor) {
  Image small((picture.height + divisor - 1) / divisor, (picture.width + divisor - 1) / divisor, picture.channels);
  for (std::int64_t y = 0; y < small.height; ++y) {
    for (std::int64_t x = 0; x < small.width; ++x) {
      for (std::int64_t c = 0; c < small.channels; ++c) {
        std::int64_t sum = 0;
        const std::int64_t bottom = std::min((y + 1) * divisor, picture.height);
        const std::int64_t right = std::min((x + 1) * divisor, picture.width);
        for (std::int64_t from_y = y * divisor; from_y < bottom; ++from_y) {
          for (std::int64_t from_x = x * divisor; from_x < right; ++from_x) sum += picture.at(from_y, from_x, c);
        }
        const std::int64_t count = (bottom - y * divisor) * (right - x * divisor);
        small.at(y, x, c) = static_cast<std::uint8_t>((sum + count / 2) / count);
      }
    }
  }
  return small;
}

}  // namespace nacre::reports::detail
