#pragma once
// Pooling over windows of an image, and over all of it. Images are [batch, height, width, channels].

#include <algorithm>
#include <cstdint>

#include <nacre/core/range.hpp>

namespace nacre::kernels {

/// The extents of a pooling. Window (y, x) covers the input's rows y * stride_height - pad_top and on, `pool_height` of
/// them, and the columns likewise; cells outside the image are padding: they never are the maximum and are not counted in an
/// average. Every window must hold at least one cell of the image.
struct Pool2DShape {
  std::int64_t batch = 0, height = 0, width = 0, channels = 0;
  std::int64_t pool_height = 1, pool_width = 1;
  std::int64_t stride_height = 1, stride_width = 1;
  std::int64_t pad_top = 0, pad_left = 0;
  std::int64_t out_height = 0, out_width = 0;

  /// The input rows of output row `y`, without padding.
  constexpr Range rows(std::int64_t y) const {
    const std::int64_t first = y * stride_height - pad_top;
    return {std::max<std::int64_t>(first, 0), std::min(first + pool_height, height)};
  }
  /// The input columns of output column `x`, without padding.
  constexpr Range columns(std::int64_t x) const {
    const std::int64_t first = x * stride_width - pad_left;
    return {std::max<std::int64_t>(first, 0), std::min(first + pool_width, width)};
  }
  constexpr std::int64_t input_sample() const { return height * width * channels; }
  constexpr std::int64_t output_sample() const { return out_height * out_width * channels; }
};

namespace detail {

/// Calls `window(rows, columns, input_sample_offset, output_offset)` for each window of each sample.
template <class Window>
void for_each_window(const Pool2DShape& shape, Range samples, Window&& window) {
  for (std::int64_t n = samples.first; n < samples.last; ++n) {
    for (std::int64_t y = 0; y < shape.out_height; ++y) {
      for (std::int64_t x = 0; x < shape.out_width; ++x) {
        window(shape.rows(y), shape.columns(x), n * shape.input_sample(),
               n * shape.output_sample() + (y * shape.out_width + x) * shape.channels);
      }
    }
  }
}

}  // namespace detail

/// Each window's largest element, channel by channel; a NaN anywhere in it makes it NaN.
/// input is [batch, height, width, channels], output [batch, out_height, out_width, channels]; only `samples` are worked on.
template <class T>
void max_pool2d_forward(const Pool2DShape& shape, Range samples, const T* input, T* output) {
  detail::for_each_window(shape, samples, [&](Range rows, Range columns, std::int64_t base, std::int64_t out) {
    for (std::int64_t c = 0; c < shape.channels; ++c) {
      T best = input[base + (rows.first * shape.width + columns.first) * shape.channels + c];
      for (std::int64_t i = rows.first; i < rows.last; ++i) {
        for (std::int64_t j = columns.first; j < columns.last; ++j) {
          const T value = input[base + (i * shape.width + j) * shape.channels + c];
          if (value > best || value != value) best = value;
        }
      }
      output[out + c] = best;
    }
  });
}

/// The gradient of max_pool2d_forward: each output's gradient goes to the first maximum of its window in row-major order
/// (to the first NaN, where the output is NaN); where windows overlap, gradients add. Writes the whole of
/// input_gradient for `samples`.
template <class T>
void max_pool2d_backward(const Pool2DShape& shape, Range samples, const T* input, const T* output,
                         const T* output_gradient, T* input_gradient) {
  std::fill(input_gradient + samples.first * shape.input_sample(), input_gradient + samples.last * shape.input_sample(),
            T(0));
  detail::for_each_window(shape, samples, [&](Range rows, Range columns, std::int64_t base, std::int64_t out) {
    for (std::int64_t c = 0; c < shape.channels; ++c) {
      const T best = output[out + c];
      bool found = false;
      for (std::int64_t i = rows.first; i < rows.last && !found; ++i) {
        for (std::int64_t j = columns.first; j < columns.last && !found; ++j) {
          const std::int64_t at = base + (i * shape.width + j) * shape.channels + c;
          found = input[at] == best || input[at] != input[at];
          if (found) input_gradient[at] += output_gradient[out + c];
        }
      }
    }
  });
}

/// The mean of each window's cells, without padding, channel by channel. Layout as in max_pool2d_forward.
template <class T>
void average_pool2d_forward(const Pool2DShape& shape, Range samples, const T* input, T* output) {
  detail::for_each_window(shape, samples, [&](Range rows, Range columns, std::int64_t base, std::int64_t out) {
    const T scale = T(1) / static_cast<T>(rows.size() * columns.size());
    for (std::int64_t c = 0; c < shape.channels; ++c) {
      T total = 0;
      for (std::int64_t i = rows.first; i < rows.last; ++i) {
        for (std::int64_t j = columns.first; j < columns.last; ++j) {
          total += input[base + (i * shape.width + j) * shape.channels + c];
        }
      }
      output[out + c] = total * scale;
    }
  });
}

/// The gradient of average_pool2d_forward: each output's gradient is spread evenly over its window's cells. Writes the
/// whole of input_gradient for `samples`.
template <class T>
void average_pool2d_backward(const Pool2DShape& shape, Range samples, const T* output_gradient, T* input_gradient) {
  std::fill(input_gradient + samples.first * shape.input_sample(), input_gradient + samples.last * shape.input_sample(),
            T(0));
  detail::for_each_window(shape, samples, [&](Range rows, Range columns, std::int64_t base, std::int64_t out) {
    const T scale = T(1) / static_cast<T>(rows.size() * columns.size());
    for (std::int64_t i = rows.first; i < rows.last; ++i) {
      for (std::int64_t j = columns.first; j < columns.last; ++j) {
        T* cell = input_gradient + base + (i * shape.width + j) * shape.channels;
        for (std::int64_t c = 0; c < shape.channels; ++c) cell[c] += output_gradient[out + c] * scale;
      }
    }
  });
}

/// output[n, c] = the largest of input[n, 0..positions, c]; NaN where one of them is NaN. input is
/// [batch, positions, channels], output [batch, channels].
template <class T>
void global_max_pool_forward(Range samples, std::int64_t positions, std::int64_t channels, const T* input, T* output) {
  max_pool2d_forward({.batch = samples.last, .height = 1, .width = positions, .channels = channels, .pool_height = 1,
                      .pool_width = positions, .out_height = 1, .out_width = 1},
                     samples, input, output);
}

/// The gradient of global_max_pool_forward: it goes to the first maximum. Writes the whole of input_gradient.
template <class T>
void global_max_pool_backward(Range samples, std::int64_t positions, std::int64_t channels, const T* input,
                              const T* output, const T* output_gradient, T* input_gradient) {
  max_pool2d_backward({.batch = samples.last, .height = 1, .width = positions, .channels = channels, .pool_height = 1,
                       .pool_width = positions, .out_height = 1, .out_width = 1},
                      samples, input, output, output_gradient, input_gradient);
}

/// output[n, c] = the mean of input[n, 0..positions, c]. input is [batch, positions, channels], output
/// [batch, channels].
template <class T>
void global_average_pool_forward(Range samples, std::int64_t positions, std::int64_t channels, const T* input,
                                 T* output) {
  average_pool2d_forward({.batch = samples.last, .height = 1, .width = positions, .channels = channels,
                          .pool_height = 1, .pool_width = positions, .out_height = 1, .out_width = 1},
                         samples, input, output);
}

/// The gradient of global_average_pool_forward. Writes the whole of input_gradient.
template <class T>
void global_average_pool_backward(Range samples, std::int64_t positions, std::int64_t channels,
                                  const T* output_gradient, T* input_gradient) {
  average_pool2d_backward({.batch = samples.last, .height = 1, .width = positions, .channels = channels,
                           .pool_height = 1, .pool_width = positions, .out_height = 1, .out_width = 1},
                          samples, output_gradient, input_gradient);
}

}  // namespace nacre::kernels
