#pragma once
// From a picture to its light: one number a pixel, in a size that is handy to work with, on an opaque ground.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <nacre/core/list.hpp>
#include <nacre/data/image.hpp>
#include <nacre/pictures/plane.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets::detail {

/// Sides of the pictures that are worked on: the longer one lies between these.
inline constexpr int least_working_side = 200;
inline constexpr int most_working_side = 800;

/// Each channel of a picture, 0 to 1, and how opaque its pixels are. The colours of transparent pixels count as little
/// as they are seen: all are multiplied by `alpha`.
struct Channels {
  List<Plane> colours;  ///< one or three
  Plane alpha;          ///< empty where everything is opaque
};

/// A row of a smaller picture in the old one's width: the mean of the rows in `mixture`, of all channels, 0 to 1.
inline std::vector<float> mixed_row(const Image& image, const Mixture& mixture) {
  std::vector<float> row(static_cast<std::size_t>(image.width * image.channels));
  for (std::size_t i = 0; i < mixture.weights.size(); ++i) {
    const std::uint8_t* from = &image.pixels[(static_cast<std::size_t>(mixture.first) + i) * row.size()];
    const float weight = mixture.weights[i] / 255;
    for (std::size_t value = 0; value < row.size(); ++value) row[value] += weight * static_cast<float>(from[value]);
  }
  return row;
}

/// The picture's channels in `height` rows of `width` pixels, each the mean of the pixels that it covers.
inline Channels reduced(const Image& image, int height, int width) {
  const auto colours = static_cast<std::size_t>(image.channels < 3 ? 1 : 3);
  const bool has_alpha = image.channels % 2 == 0;
  const auto stride = static_cast<std::size_t>(image.channels);
  const List<Mixture> rows = mixtures(static_cast<int>(image.height), height);
  const List<Mixture> columns = mixtures(static_cast<int>(image.width), width);
  Channels result{List<Plane>(colours, Plane(height, width)), has_alpha ? Plane(height, width) : Plane()};
  for (int y = 0; y < height; ++y) {
    const std::vector<float> row = mixed_row(image, rows[static_cast<std::size_t>(y)]);
    for (int x = 0; x < width; ++x) {
      const Mixture& column = columns[static_cast<std::size_t>(x)];
      for (std::size_t i = 0; i < column.weights.size(); ++i) {
        const float* pixel = &row[(static_cast<std::size_t>(column.first) + i) * stride];
        const float weight = column.weights[i] * (has_alpha ? pixel[stride - 1] : 1);
        for (std::size_t c = 0; c < colours; ++c) result.colours[c].at(y, x) += weight * pixel[c];
        if (has_alpha) result.alpha.at(y, x) += weight;
      }
    }
  }
  return result;
}

/// The picture's channels with its longer side between the two working sides.
inline Channels working_channels(const Image& image) {
  const auto [height, width] = scaled_size(image.height, image.width, least_working_side, most_working_side);
  return reduced(image, height, width);
}

/// What lies behind the transparent pixels of a colour: where most of the picture is opaque, what most of it looks
/// like; otherwise ink stands alone, and the ground is white behind dark ink and black behind light.
inline float ground_behind(const Plane& colour, const Plane& alpha) {
  double seen = 0;
  double opaque = 0;
  std::vector<float> values;
  for (std::size_t i = 0; i < colour.values.size(); ++i) {
    seen += colour.values[i];
    opaque += alpha.values[i];
    if (alpha.values[i] > 0.5f) values.push_back(colour.values[i] / alpha.values[i]);
  }
  if (values.size() > colour.values.size() / 2) return quantile(std::move(values), 0.5);
  return seen < 0.5 * opaque ? 1.0f : 0.0f;
}

/// Puts an opaque ground behind all colours.
inline void make_opaque(Channels& channels) {
  if (channels.alpha.values.empty()) return;
  for (Plane& colour : channels.colours) {
    const float ground = ground_behind(colour, channels.alpha);
    for (std::size_t i = 0; i < colour.values.size(); ++i) {
      colour.values[i] += (1 - channels.alpha.values[i]) * ground;
    }
  }
}

/// The luma of ITU-R BT.601 as a fourth plane after red, green and blue.
inline void add_luma(List<Plane>& colours) {
  Plane luma(colours[0].height, colours[0].width);
  for (std::size_t i = 0; i < luma.values.size(); ++i) {
    luma.values[i] = 0.299f * colours[0].values[i] + 0.587f * colours[1].values[i] + 0.114f * colours[2].values[i];
  }
  colours.push_back(std::move(luma));
}

/// How much the darkest and lightest parts of a picture differ, but for a few pixels.
inline float contrast(const Plane& light) { return quantile(light.values, 0.998) - quantile(light.values, 0.002); }

/// The light that is looked at: the luma, as in MNIST; but where ink and paper are colours of about the same luma, the
/// channel that tells them apart.
inline Plane grey(List<Plane> colours) {
  if (colours.size() == 1) return std::move(colours[0]);
  add_luma(colours);
  std::size_t chosen = 3;
  const float of_luma = contrast(colours[chosen]);
  for (std::size_t c = 0; c < 3; ++c) {
    if (contrast(colours[c]) > std::max(1.5f * of_luma, contrast(colours[chosen]))) chosen = c;
  }
  return std::move(colours[chosen]);
}

/// The light of a picture, 0 to 1, in working size.
inline Plane light_of(const Image& image) {
  Channels channels = working_channels(image);
  make_opaque(channels);
  return grey(std::move(channels.colours));
}

}  // namespace nacre::datasets::detail
