#pragma once
// The usual way to convolve with a BLAS, as a yardstick: the pixels that each output sees are copied side by side
// (im2col), then one product does the rest. Some rows of output at a time, so that the copy stays in cache.

#include <algorithm>
#include <cstdint>

#include <cblas.h>

#include "kernel_calls.hpp"

namespace bench {

inline void multiply(CBLAS_TRANSPOSE order_a, CBLAS_TRANSPOSE order_b, std::int64_t rows, std::int64_t columns,
                     std::int64_t depth, const float* a, std::int64_t a_stride, const float* b, std::int64_t b_stride,
                     float beta, float* c, std::int64_t c_stride) {
  const auto size = [](std::int64_t value) { return static_cast<int>(value); };
  cblas_sgemm(CblasRowMajor, order_a, order_b, size(rows), size(columns), size(depth), 1, a, size(a_stride), b,
              size(b_stride), beta, c, size(c_stride));
}

/// A dense layer is a product as it is.
class BlasDense {
 public:
  BlasDense(const nacre::kernels::DenseShape& shape, const DenseCalls& data)
      : shape_(shape),
        data_(data),
        output(empty_values(shape.rows * shape.units)),
        input_gradient(empty_values(shape.rows * shape.inputs)),
        kernel_gradient(empty_values(shape.inputs * shape.units)) {}

  void forward() {
    multiply(CblasNoTrans, CblasNoTrans, shape_.rows, shape_.units, shape_.inputs, data_.input.data(), shape_.inputs,
             data_.kernel.data(), shape_.units, 0, output.data(), shape_.units);
  }
  void backward_input() {
    multiply(CblasNoTrans, CblasTrans, shape_.rows, shape_.inputs, shape_.units, data_.output_gradient.data(),
             shape_.units, data_.kernel.data(), shape_.units, 0, input_gradient.data(), shape_.inputs);
  }
  void backward_kernel() {
    multiply(CblasTrans, CblasNoTrans, shape_.inputs, shape_.units, shape_.rows, data_.input.data(), shape_.inputs,
             data_.output_gradient.data(), shape_.units, 0, kernel_gradient.data(), shape_.units);
  }

 private:
  nacre::kernels::DenseShape shape_;
  const DenseCalls& data_;

 public:
  Values output, input_gradient, kernel_gradient;
};

class Im2colConvolution {
 public:
  Im2colConvolution(const nacre::kernels::Conv2DShape& shape, const ConvolutionCalls& data)
      : shape_(shape),
        data_(data),
        output(empty_values(static_cast<std::int64_t>(data.output.size()))),
        input_gradient(empty_values(static_cast<std::int64_t>(data.input.size()))),
        kernel_gradient(empty_values(static_cast<std::int64_t>(data.kernel.size()))) {
    is_pointwise_ = shape.kernel_height == 1 && shape.kernel_width == 1 && shape.stride_height == 1 &&
                    shape.stride_width == 1 && shape.out_height == shape.height && shape.out_width == shape.width;
    lines_ = shape.batch * shape.out_height;
    constexpr std::int64_t most_elements = std::int64_t{1} << 18;  // a megabyte
    const std::int64_t line = shape.out_width * depth();
    lines_at_once_ = is_pointwise_ ? lines_ : std::clamp<std::int64_t>(most_elements / line, 1, lines_);
    if (!is_pointwise_) columns_ = empty_values(lines_at_once_ * line);
  }

  void forward() {
    for_each_piece([&](std::int64_t first, std::int64_t lines, std::int64_t group) {
      const Matrix a = gather(first, lines, group);
      multiply(CblasNoTrans, CblasNoTrans, lines * shape_.out_width, filters(), depth(), a.data, a.stride,
               data_.kernel.data() + group * filters(), shape_.filters, 0, pixel(output.data(), first, group),
               shape_.filters);
    });
  }

  void backward_input() {
    if (!is_pointwise_) std::fill_n(input_gradient.data(), input_gradient.size(), 0.0f);
    for_each_piece([&](std::int64_t first, std::int64_t lines, std::int64_t group) {
      float* to = is_pointwise_ ? input_gradient.data() + group * channels() : columns_.data();
      multiply(CblasNoTrans, CblasTrans, lines * shape_.out_width, depth(), filters(),
               pixel(data_.output_gradient.data(), first, group), shape_.filters,
               data_.kernel.data() + group * filters(), shape_.filters, 0, to,
               is_pointwise_ ? shape_.channels : depth());
      if (!is_pointwise_) scatter(first, lines, group);
    });
  }

  void backward_kernel() {
    for_each_piece([&](std::int64_t first, std::int64_t lines, std::int64_t group) {
      const Matrix a = gather(first, lines, group);
      multiply(CblasTrans, CblasNoTrans, depth(), filters(), lines * shape_.out_width, a.data, a.stride,
               pixel(data_.output_gradient.data(), first, group), shape_.filters, first == 0 ? 0.0f : 1.0f,
               kernel_gradient.data() + group * filters(), shape_.filters);
    });
  }

 private:
  struct Matrix {
    const float* data;
    std::int64_t stride;
  };

  std::int64_t channels() const { return shape_.channels / shape_.groups; }
  std::int64_t filters() const { return shape_.filters / shape_.groups; }
  std::int64_t depth() const { return shape_.kernel_height * shape_.kernel_width * channels(); }

  template <class Number>
  Number* pixel(Number* outputs, std::int64_t line, std::int64_t group) const {
    return outputs + line * shape_.out_width * shape_.filters + group * filters();
  }

  template <class Work>
  void for_each_piece(Work work) {
    for (std::int64_t first = 0; first < lines_; first += lines_at_once_) {
      const std::int64_t lines = std::min(lines_at_once_, lines_ - first);
      for (std::int64_t group = 0; group < shape_.groups; ++group) work(first, lines, group);
    }
  }

  /// Calls `run(offset in the input or -1, where in the columns, how many)` for every run of neighbouring numbers.
  template <class Run>
  void for_each_run(std::int64_t first, std::int64_t lines, std::int64_t group, Run run) const {
    const bool has_long_runs = shape_.groups == 1 && shape_.dilation_width == 1;
    std::int64_t at = 0;
    for (std::int64_t line = first; line < first + lines; ++line) {
      const std::int64_t sample = line / shape_.out_height;
      const std::int64_t top = line % shape_.out_height * shape_.stride_height - shape_.pad_top;
      for (std::int64_t column = 0; column < shape_.out_width; ++column) {
        const std::int64_t left = column * shape_.stride_width - shape_.pad_left;
        for (std::int64_t i = 0; i < shape_.kernel_height; ++i) {
          const std::int64_t y = top + i * shape_.dilation_height;
          const std::int64_t row = (sample * shape_.height + y) * shape_.width;
          const std::int64_t taps = shape_.kernel_width * channels();
          if (y < 0 || y >= shape_.height) {
            run(-1, at, taps);
            at += taps;
          } else if (has_long_runs && left >= 0 && left + shape_.kernel_width <= shape_.width) {
            run((row + left) * shape_.channels, at, taps);
            at += taps;
          } else {
            for (std::int64_t j = 0; j < shape_.kernel_width; ++j, at += channels()) {
              const std::int64_t x = left + j * shape_.dilation_width;
              const bool is_inside = x >= 0 && x < shape_.width;
              run(is_inside ? (row + x) * shape_.channels + group * channels() : -1, at, channels());
            }
          }
        }
      }
    }
  }

  Matrix gather(std::int64_t first, std::int64_t lines, std::int64_t group) {
    if (is_pointwise_) return {data_.input.data() + group * channels(), shape_.channels};
    for_each_run(first, lines, group, [&](std::int64_t offset, std::int64_t at, std::int64_t count) {
      if (offset < 0) {
        std::fill_n(columns_.data() + at, count, 0.0f);
      } else {
        std::copy_n(data_.input.data() + offset, count, columns_.data() + at);
      }
    });
    return {columns_.data(), depth()};
  }

  void scatter(std::int64_t first, std::int64_t lines, std::int64_t group) {
    for_each_run(first, lines, group, [&](std::int64_t offset, std::int64_t at, std::int64_t count) {
      if (offset < 0) return;
      float* to = input_gradient.data() + offset;
      const float* from = columns_.data() + at;
      for (std::int64_t i = 0; i < count; ++i) to[i] += from[i];
    });
  }

  nacre::kernels::Conv2DShape shape_;
  const ConvolutionCalls& data_;
  bool is_pointwise_;
  std::int64_t lines_, lines_at_once_;
  Values columns_;

 public:
  Values output, input_gradient, kernel_gradient;
};

}  // namespace bench
