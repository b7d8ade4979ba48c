#pragma once
// The bodies of image_change.hpp.

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <nacre/kernels/image_change.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {
namespace detail {

/// A coordinate within the picture that stands for one beyond it; a constant's stays where it is.
inline double map_coordinate(double at, std::int64_t extent, ImageFill fill) {
  const double last = static_cast<double>(extent - 1);
  const double length = static_cast<double>(extent);
  if (!(std::abs(at) < 1e12)) return fill == ImageFill::constant ? -2 : 0;  // far away, or no number
  if (fill == ImageFill::constant) return at;
  if (fill == ImageFill::wrap) at -= length * std::floor(at / length);
  if (fill == ImageFill::reflect) {
    at -= 2 * length * std::floor(at / (2 * length));
    if (at > length - 0.5) at = 2 * length - 1 - at;
  }
  return std::clamp(at, 0.0, last);
}

/// The pixels that a place in a picture lies among, with their shares; nullptr where `fill_value` stands for one.
struct ImageTaps {
  std::int64_t pixel[4];  ///< -1 for one outside
  double share[4];
  int count;
};

inline ImageTaps image_taps(const ImageChange& change, const ImageSize& size, double x, double y) {
  x = map_coordinate(x, size.width, change.fill);
  y = map_coordinate(y, size.height, change.fill);
  const auto pixel = [&](std::int64_t row, std::int64_t column) {
    const bool inside = row >= 0 && row < size.height && column >= 0 && column < size.width;
    return inside ? row * size.width + column : -1;
  };
  ImageTaps taps{};
  if (change.nearest) {
    taps.count = 1;
    taps.pixel[0] = pixel(static_cast<std::int64_t>(std::nearbyint(y)), static_cast<std::int64_t>(std::nearbyint(x)));
    taps.share[0] = 1;
    return taps;
  }
  const double left = std::floor(x);
  const double top = std::floor(y);
  const double right_share = x - left;
  const double bottom_share = y - top;
  const auto row = static_cast<std::int64_t>(top);
  const auto column = static_cast<std::int64_t>(left);
  // Pixels without a share are none: at the last row and column there are none behind.
  for (int corner = 0; corner < 4; ++corner) {
    const double share =
        (corner % 2 == 0 ? 1 - right_share : right_share) * (corner / 2 == 0 ? 1 - bottom_share : bottom_share);
    if (share == 0) continue;
    taps.pixel[taps.count] = pixel(row + corner / 2, column + corner % 2);
    taps.share[taps.count++] = share;
  }
  return taps;
}

/// Calls `use(pixel, taps)` for each pixel of the output of a transform or a displacement.
template <class T, class Use>
void each_sampled(const ImageChange& change, const ImageSize& size, const T* dx, const T* dy, Use use) {
  const std::array<double, 8>& m = change.matrix;
  for (std::int64_t row = 0, pixel = 0; row < size.height; ++row) {
    for (std::int64_t column = 0; column < size.width; ++column, ++pixel) {
      const auto x = static_cast<double>(column);
      const auto y = static_cast<double>(row);
      if (change.kind == ImageChange::Kind::displace) {
        use(pixel, image_taps(change, size, x + change.alpha * static_cast<double>(dx[pixel]),
                              y + change.alpha * static_cast<double>(dy[pixel])));
      } else {
        const double k = m[6] * x + m[7] * y + 1;
        use(pixel, image_taps(change, size, (m[0] * x + m[1] * y + m[2]) / k, (m[3] * x + m[4] * y + m[5]) / k));
      }
    }
  }
}

/// Element `i` of a Gaussian kernel of so many, not divided by their sum.
inline double gaussian(std::int64_t i, std::int64_t count, double sigma) {
  const double x = (static_cast<double>(i) - static_cast<double>(count - 1) / 2) / sigma;
  return std::exp(-0.5 * x * x);
}

/// Lines of `count` elements `stride` apart, each blurred, with zeros beyond them. A kernel is symmetric: this is its
/// own gradient.
template <class T>
void blur_lines(std::int64_t lines, std::int64_t line_stride, std::int64_t inner, std::int64_t count,
                std::int64_t stride, std::int64_t kernel, double sigma, const T* from, T* to) {
  double sum = 0;
  for (std::int64_t i = 0; i < kernel; ++i) sum += gaussian(i, kernel, sigma);
  const std::int64_t reach = (kernel - 1) / 2;
  for (std::int64_t line = 0; line < lines; ++line) {
    for (std::int64_t at = 0; at < count; ++at) {
      T* out = to + line * line_stride + at * stride;
      std::fill_n(out, inner, T(0));
      for (std::int64_t i = std::max<std::int64_t>(0, reach - at); i < kernel && at + i - reach < count; ++i) {
        const T share = static_cast<T>(gaussian(i, kernel, sigma) / sum);
        const T* in = from + line * line_stride + (at + i - reach) * stride;
        for (std::int64_t c = 0; c < inner; ++c) out[c] += share * in[c];
      }
    }
  }
}

/// A picture blurred along rows and columns; `between` has room for it.
template <class T>
void blur(const ImageChange& change, const ImageSize& size, const T* from, T* between, T* to) {
  const std::int64_t row = size.width * size.channels;
  blur_lines(size.height, row, size.channels, size.width, size.channels, change.kernel_width, change.sigma_x, from,
             between);
  blur_lines(std::int64_t{1}, std::int64_t{0}, row, size.height, row, change.kernel_height, change.sigma_y, between,
             to);
}

/// The displacements of a change, of x and then of y, at the beginning of `scratch`.
template <class T>
void draw_displacements(const ImageChange& change, const ImageSize& size, T* scratch) {
  const ImageSize plane{size.height, size.width, 1};
  T* between = scratch + 2 * plane.pixels();
  T* drawn = between + plane.pixels();
  for (std::int64_t axis = 0; axis < 2; ++axis) {
    for (std::int64_t i = 0; i < plane.pixels(); ++i) {
      const auto element = static_cast<std::uint64_t>(axis * plane.pixels() + i);
      drawn[i] = static_cast<T>(change.random.normal(change.element + element) * change.sigma_x);
    }
    blur(change, plane, drawn, between, scratch + axis * plane.pixels());
  }
}

template <class T>
void sample(const ImageChange& change, const ImageSize& size, const T* picture, T* out, const T* displacements) {
  const std::int64_t channels = size.channels;
  const T outside = static_cast<T>(change.fill_value);
  each_sampled(change, size, displacements, displacements + size.pixels(),
               [&](std::int64_t pixel, const ImageTaps& taps) {
                 T* to = out + pixel * channels;
                 std::fill_n(to, channels, T(0));
                 for (int tap = 0; tap < taps.count; ++tap) {
                   const T share = static_cast<T>(taps.share[tap]);
                   const T* from = taps.pixel[tap] < 0 ? nullptr : picture + taps.pixel[tap] * channels;
                   for (std::int64_t c = 0; c < channels; ++c) to[c] += share * (from != nullptr ? from[c] : outside);
                 }
               });
}

/// Whether a pixel lies in the box that is erased.
inline bool in_box(const ImageChange& change, std::int64_t row, std::int64_t column) {
  const auto y = static_cast<double>(row);
  const auto x = static_cast<double>(column);
  return y >= change.top && y < change.bottom && x >= change.left && x < change.right;
}

template <class T>
void erase(const ImageChange& change, const ImageSize& size, const T* picture, T* out) {
  for (std::int64_t row = 0, element = 0; row < size.height; ++row) {
    for (std::int64_t column = 0; column < size.width; ++column) {
      const bool erased = in_box(change, row, column);
      for (std::int64_t c = 0; c < size.channels; ++c, ++element) {
        out[element] = picture[element];
        if (!erased) continue;
        const double value =
            change.noise ? change.random.normal(change.element + static_cast<std::uint64_t>(element)) * change.high
                         : change.fill_values[static_cast<std::size_t>(c % 3)];
        out[element] = static_cast<T>(std::clamp(value, change.low, change.high));
      }
    }
  }
}

/// The mean of a channel.
template <class T>
T channel_mean(const ImageSize& size, const T* picture, std::int64_t channel) {
  double sum = 0;
  for (std::int64_t i = 0; i < size.pixels(); ++i) sum += static_cast<double>(picture[i * size.channels + channel]);
  return static_cast<T>(sum / static_cast<double>(size.pixels()));
}

/// The change before values are kept within their range.
template <class T>
void change_unclipped(const ImageChange& change, const ImageSize& size, const T* picture, T* out, T* scratch) {
  const std::int64_t elements = size.elements();
  const T scale = static_cast<T>(change.scale);
  switch (change.kind) {
    case ImageChange::Kind::none:
      std::copy_n(picture, elements, out);
      return;
    case ImageChange::Kind::transform:
      return sample(change, size, picture, out, picture);  // nothing is displaced
    case ImageChange::Kind::displace:
      draw_displacements(change, size, scratch);
      return sample<T>(change, size, picture, out, scratch);
    case ImageChange::Kind::shift:
      for (std::int64_t i = 0; i < elements; ++i) out[i] = picture[i] * scale + static_cast<T>(change.offset);
      return;
    case ImageChange::Kind::contrast:
      for (std::int64_t c = 0; c < size.channels; ++c) {
        const T mean = channel_mean(size, picture, c);
        for (std::int64_t i = c; i < elements; i += size.channels) out[i] = (picture[i] - mean) * scale + mean;
      }
      return;
    case ImageChange::Kind::erase:
      return erase(change, size, picture, out);
    case ImageChange::Kind::blur:
      return blur(change, size, picture, scratch, out);
  }
}

}  // namespace detail

NACRE_INLINE std::int64_t image_change_scratch(const ImageSize& size) {
  return std::max(4 * size.pixels(), 2 * size.elements()) + size.elements();
}

template <class T>
void change_image(const ImageChange& change, const ImageSize& size, const T* picture, T* out, T* scratch) {
  detail::change_unclipped(change, size, picture, out, scratch);
  if (!change.clips) return;
  const T low = static_cast<T>(change.low);
  const T high = static_cast<T>(change.high);
  for (std::int64_t i = 0; i < size.elements(); ++i) out[i] = std::clamp(out[i], low, high);
}

template <class T>
void change_image_gradient(const ImageChange& change, const ImageSize& size, const T* picture, const T* out_gradient,
                           T* gradient, T* scratch) {
  const std::int64_t elements = size.elements();
  // Values that were cut off have no gradient.
  T* passed = scratch + image_change_scratch(size) - elements;
  if (change.clips) {
    detail::change_unclipped(change, size, picture, gradient, scratch);
    const T low = static_cast<T>(change.low);
    const T high = static_cast<T>(change.high);
    for (std::int64_t i = 0; i < elements; ++i) {
      passed[i] = gradient[i] >= low && gradient[i] <= high ? out_gradient[i] : T(0);
    }
  } else {
    std::copy_n(out_gradient, elements, passed);
  }
  const T scale = static_cast<T>(change.scale);
  switch (change.kind) {
    case ImageChange::Kind::none:
      std::copy_n(passed, elements, gradient);
      return;
    case ImageChange::Kind::transform:
    case ImageChange::Kind::displace:
      if (change.kind == ImageChange::Kind::displace) detail::draw_displacements(change, size, scratch);
      std::fill_n(gradient, elements, T(0));
      detail::each_sampled<T>(change, size, scratch, scratch + size.pixels(),
                              [&](std::int64_t pixel, const detail::ImageTaps& taps) {
                                const T* from = passed + pixel * size.channels;
                                for (int tap = 0; tap < taps.count; ++tap) {
                                  if (taps.pixel[tap] < 0) continue;
                                  T* to = gradient + taps.pixel[tap] * size.channels;
                                  const T share = static_cast<T>(taps.share[tap]);
                                  for (std::int64_t c = 0; c < size.channels; ++c) to[c] += share * from[c];
                                }
                              });
      return;
    case ImageChange::Kind::shift:
      for (std::int64_t i = 0; i < elements; ++i) gradient[i] = passed[i] * scale;
      return;
    case ImageChange::Kind::contrast:
      for (std::int64_t c = 0; c < size.channels; ++c) {
        const T mean = detail::channel_mean(size, passed, c) * (T(1) - scale);
        for (std::int64_t i = c; i < elements; i += size.channels) gradient[i] = passed[i] * scale + mean;
      }
      return;
    case ImageChange::Kind::erase:
      for (std::int64_t i = 0; i < elements; ++i) {
        const std::int64_t pixel = i / size.channels;
        gradient[i] = detail::in_box(change, pixel / size.width, pixel % size.width) ? T(0) : passed[i];
      }
      return;
    case ImageChange::Kind::blur:
      return detail::blur(change, size, static_cast<const T*>(passed), scratch, gradient);
  }
}

}  // namespace nacre::kernels
