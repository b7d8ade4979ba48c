#pragma once
// The samples of a data set as pictures.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/shape.hpp>
#include <nacre/core/xtensor.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/data/image.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports::detail {

/// The shape (height, width, channels), 1 or 3 channels, of pictures whose features lie in `shape`: (height, width),
/// (height, width, channels), or the pixels of a square in a row, 8 by 8 or more, as fewer are rather a table's
/// columns. None for other features.
inline std::optional<Shape> picture_shape(Shape shape) {
  if (shape.rank() == 1) {
    const auto side = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(shape[0]))));
    if (side >= 8 && side * side == shape[0]) shape = Shape{side, side};
  }
  if (shape.rank() == 2) shape.push_back(1);
  const bool picture = shape.rank() == 3 && shape.size() > 0 && (shape[2] == 1 || shape[2] == 3);
  return picture ? std::optional<Shape>(shape) : std::nullopt;
}

/// The same for a figure. `asked`, where it is not empty, is the shape that features are to be read in. Throws
/// ShapeError, which names `figure`, where they are no picture.
inline Shape required_picture_shape(std::string_view figure, const Shape& features, const Shape& asked) {
  require<ShapeError>(asked.empty() || asked.size() == features.size(), figure, ": expected a shape of ",
                      features.size(), " pixels, as features ", features, " have, got ", asked);
  const std::optional<Shape> found = picture_shape(asked.empty() ? features : asked);
  require<ShapeError>(found.has_value(), figure,
                      ": expected pictures of shape (height, width), (height, width, 1), (height, width, 3) or the "
                      "pixels of a square in a row, 8 by 8 or more, got features of shape ",
                      features, "; say how they lie with .shape = {height, width, channels}");
  return *found;
}

/// The two numbers that are shown as black and as white.
struct Contrast {
  double black;
  double white;
};

/// What numbers from `min` to `max` most likely mean: 0 to 1, -1 to 1, bytes, or else `min` to `max`.
inline Contrast contrast_of(double min, double max) {
  constexpr double rounding = 1e-4;  // of a scaling in float
  constexpr double dark_bytes = 64;  // some byte of a picture is above; other numbers from 0 on need not be
  const auto within = [&](double black, double white) { return min >= black - rounding && max <= white + rounding; };
  if (within(0, 1)) return {0, 1};
  if (within(-1, 1)) return {-1, 1};
  if (within(0, 255) && max > dark_bytes) return {0, 255};
  return {min, max};
}

/// The same for those of these numbers that are finite.
inline Contrast contrast_of(const std::vector<float>& features) {
  double min = INFINITY;
  double max = -INFINITY;
  for (const float feature : features) {
    if (!std::isfinite(feature)) continue;
    min = std::min(min, static_cast<double>(feature));
    max = std::max(max, static_cast<double>(feature));
  }
  return contrast_of(min, max);
}

/// How bright a number is shown, 0 to 255; what is not finite is black.
inline std::uint8_t level_of(float value, Contrast contrast) {
  const double level = (static_cast<double>(value) - contrast.black) / (contrast.white - contrast.black);
  return static_cast<std::uint8_t>(std::isfinite(value) && level > 0 ? std::lround(255 * std::min(level, 1.0)) : 0);
}

/// Appends the features of `samples`, one sample after the other. Throws ValueError for one that `data` does not have.
inline void append_features(std::vector<float>& features, const Dataset& data, const List<std::int64_t>& samples) {
  for (const std::int64_t sample : samples) {
    const xt::xarray<float> values = data.sample(sample);
    features.insert(features.end(), values.begin(), values.end());
  }
}

/// The pictures of `samples`, all in one contrast. What is not finite is black. Throws ShapeError where `shape_asked`
/// or the features are no picture, ValueError for a sample that `data` does not have.
inline List<Image> pictures_of(std::string_view figure, const Dataset& data, const List<std::int64_t>& samples,
                               const Shape& shape_asked) {
  const Shape shape = required_picture_shape(figure, data.feature_shape(), shape_asked);
  std::vector<float> features;
  append_features(features, data, samples);
  const Contrast contrast = contrast_of(features);
  List<Image> pictures;
  for (auto first = features.begin(); first != features.end(); first += shape.size()) {
    Image picture(shape[0], shape[1], shape[2]);
    std::transform(first, first + shape.size(), picture.pixels.begin(),
                   [&](float value) { return level_of(value, contrast); });
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
