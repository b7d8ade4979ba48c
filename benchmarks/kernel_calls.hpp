#pragma once
// The kernels as layers call them, but on one core and with memory of their own: for the benchmarks of single kernels.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <nacre/core/buffer.hpp>
#include <nacre/core/random.hpp>
#include <nacre/kernels/convolution.hpp>
#include <nacre/kernels/dense.hpp>

namespace bench {

using Values = nacre::Buffer<float>;

inline Values empty_values(std::int64_t count) {
  return Values(static_cast<std::size_t>(std::max<std::int64_t>(count, 1)));
}

/// `count` numbers uniform in [-1, 1).
inline Values random_values(std::int64_t count, std::uint64_t seed) {
  const nacre::RandomStream random(seed);
  Values values = empty_values(count);
  for (std::int64_t i = 0; i < count; ++i) {
    values[static_cast<std::size_t>(i)] = static_cast<float>(2 * random.uniform(static_cast<std::uint64_t>(i)) - 1);
  }
  return values;
}

/// A dense layer without bias and activation.
class DenseCalls {
 public:
  explicit DenseCalls(const nacre::kernels::DenseShape& shape)
      : shape_(shape),
        input(random_values(shape.rows * shape.inputs, 1)),
        kernel(random_values(shape.inputs * shape.units, 2)),
        output_gradient(random_values(shape.rows * shape.units, 3)),
        output(empty_values(shape.rows * shape.units)),
        input_gradient(empty_values(shape.rows * shape.inputs)),
        kernel_gradient(empty_values(shape.inputs * shape.units)),
        transposed_(empty_values(nacre::kernels::dense_transposed_size(shape))) {}

  /// Floating-point operations of each of the three products.
  double flops() const { return 2.0 * static_cast<double>(shape_.rows * shape_.inputs * shape_.units); }

  void forward() {
    const float* no_bias = nullptr;
    for (std::int64_t task = 0; task < nacre::kernels::dense_forward_tasks(shape_); ++task) {
      nacre::kernels::dense_forward(shape_, task, in(input), in(kernel), no_bias, nacre::linear, output.data());
    }
  }

  void backward_input() {
    nacre::kernels::dense_transpose(shape_, {0, shape_.units}, in(output_gradient), transposed_.data());
    for (std::int64_t task = 0; task < nacre::kernels::dense_backward_tasks(shape_); ++task) {
      nacre::kernels::dense_backward_input(shape_, nacre::kernels::dense_backward_inputs(shape_, task),
                                           in(output_gradient), in(transposed_), in(kernel), input_gradient.data());
    }
  }

  /// The whole gradient is written to memory, where a layer would hand each tile to the optimizer while it is in cache.
  void backward_kernel() {
    const std::int64_t tile_rows = nacre::kernels::dense_tile_rows(shape_);
    for (std::int64_t task = 0; task < nacre::kernels::dense_backward_tasks(shape_); ++task) {
      const nacre::Range inputs = nacre::kernels::dense_backward_inputs(shape_, task);
      for (std::int64_t first = inputs.first; first < inputs.last; first += tile_rows) {
        const nacre::Range rows{first, std::min(first + tile_rows, inputs.last)};
        nacre::kernels::dense_backward_kernel(shape_, rows, in(input), in(output_gradient),
                                              kernel_gradient.data() + first * shape_.units);
      }
    }
  }

 private:
  // The kernels deduce their type from all pointers alike.
  static const float* in(const Values& values) { return values.data(); }
  nacre::kernels::DenseShape shape_;

 public:
  Values input, kernel, output_gradient;
  Values output, input_gradient, kernel_gradient;

 private:
  Values transposed_;
};

/// What `convolution_shape` makes a shape of.
struct ConvolutionManner {
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  std::int64_t groups = 1;
  bool same = false;  ///< padded so that, with stride 1, the output is as large as the input
};
struct ConvolutionSizes {
  std::int64_t batch, height, width, channels, filters, kernel_height, kernel_width;
  ConvolutionManner manner = {};
};

inline nacre::kernels::Conv2DShape convolution_shape(const ConvolutionSizes& sizes) {
  nacre::kernels::Conv2DShape shape;
  shape.batch = sizes.batch;
  shape.height = sizes.height;
  shape.width = sizes.width;
  shape.channels = sizes.channels;
  shape.filters = sizes.filters;
  shape.kernel_height = sizes.kernel_height;
  shape.kernel_width = sizes.kernel_width;
  shape.stride_height = shape.stride_width = sizes.manner.stride;
  shape.dilation_height = shape.dilation_width = sizes.manner.dilation;
  shape.groups = sizes.manner.groups;
  const std::int64_t rows = (sizes.kernel_height - 1) * sizes.manner.dilation;
  const std::int64_t columns = (sizes.kernel_width - 1) * sizes.manner.dilation;
  if (sizes.manner.same) {
    shape.out_height = (sizes.height - 1) / sizes.manner.stride + 1;
    shape.out_width = (sizes.width - 1) / sizes.manner.stride + 1;
    shape.pad_top =
        std::max<std::int64_t>(0, (shape.out_height - 1) * sizes.manner.stride + rows + 1 - sizes.height) / 2;
    shape.pad_left =
        std::max<std::int64_t>(0, (shape.out_width - 1) * sizes.manner.stride + columns + 1 - sizes.width) / 2;
  } else {
    shape.out_height = (sizes.height - rows - 1) / sizes.manner.stride + 1;
    shape.out_width = (sizes.width - columns - 1) / sizes.manner.stride + 1;
  }
  return shape;
}

/// A convolution without bias and activation, and the same with ReLU and max-pooling in one pass where that is
/// supported.
class ConvolutionCalls {
 public:
  explicit ConvolutionCalls(const nacre::kernels::Conv2DShape& shape)
      : shape_(shape),
        input(random_values(shape.batch * shape.height * shape.width * shape.channels, 1)),
        kernel(random_values(kernel_size(), 2)),
        output_gradient(random_values(output_size(), 3)),
        output(empty_values(output_size())),
        input_gradient(empty_values(shape.batch * shape.height * shape.width * shape.channels)),
        kernel_gradient(empty_values(kernel_size())),
        forward_prepared_(empty_values(nacre::kernels::conv2d_forward_prepared_size(shape))),
        prepared_(empty_values(nacre::kernels::conv2d_prepared_size(shape))),
        scratch_(empty_values(nacre::kernels::conv2d_scratch(shape))) {
    if (nacre::kernels::conv2d_max_pool_supported(shape, nacre::relu)) {
      pool_scratch_ = empty_values(nacre::kernels::conv2d_max_pool_scratch(shape));
      pooled_ = empty_values(output_size() / 4);
      winner_.resize(static_cast<std::size_t>(output_size() / 4));
      bias_gradient_ = empty_values(shape.filters);
    }
  }

  /// Floating-point operations of each of the three products, those on padding included.
  double flops() const {
    return 2.0 * static_cast<double>(shape_.batch * shape_.out_height * shape_.out_width) *
           static_cast<double>(kernel_size());
  }

  void forward() {
    const float* no_bias = nullptr;
    nacre::kernels::conv2d_prepare_forward(shape_, in(kernel), forward_prepared_.data());
    nacre::kernels::conv2d_forward(shape_, all(), in(input), in(kernel), in(forward_prepared_), no_bias, nacre::linear,
                                   output.data(), scratch_.data());
  }

  void backward_input() {
    nacre::kernels::conv2d_prepare_backward(shape_, in(kernel), prepared_.data());
    nacre::kernels::conv2d_backward_input(shape_, all(), in(output_gradient), in(kernel), in(prepared_),
                                          input_gradient.data(), scratch_.data());
  }

  void backward_kernel() {
    std::fill_n(kernel_gradient.data(), kernel_gradient.size(), 0.0f);
    nacre::kernels::conv2d_backward_kernel(shape_, all(), in(input), in(output_gradient), kernel_gradient.data(),
                                           scratch_.data());
  }

  void forward_pooled() {
    const float* no_bias = nullptr;
    nacre::kernels::conv2d_prepare_forward(shape_, in(kernel), forward_prepared_.data());
    nacre::kernels::conv2d_max_pool_forward(shape_, all(), in(input), in(kernel), in(forward_prepared_), no_bias,
                                            nacre::relu, pooled_.data(), winner_.data(), pool_scratch_.data());
  }

  /// Both gradients; `forward_pooled` must have been called.
  void backward_pooled() {
    nacre::kernels::conv2d_prepare_backward(shape_, in(kernel), prepared_.data());
    std::fill_n(kernel_gradient.data(), kernel_gradient.size(), 0.0f);
    const std::uint8_t* winner = winner_.data();
    nacre::kernels::conv2d_max_pool_backward(shape_, all(), in(input), in(output_gradient), winner, in(kernel),
                                             in(prepared_), kernel_gradient.data(), bias_gradient_.data(),
                                             input_gradient.data(), pool_scratch_.data());
  }

 private:
  static const float* in(const Values& values) { return values.data(); }
  nacre::Range all() const { return {0, shape_.batch}; }
  std::int64_t kernel_size() const {
    return shape_.kernel_height * shape_.kernel_width * (shape_.channels / shape_.groups) * shape_.filters;
  }
  std::int64_t output_size() const { return shape_.batch * shape_.out_height * shape_.out_width * shape_.filters; }

  nacre::kernels::Conv2DShape shape_;

 public:
  Values input, kernel, output_gradient;
  Values output, input_gradient, kernel_gradient;

 private:
  Values forward_prepared_, prepared_, scratch_, pool_scratch_, pooled_, bias_gradient_;
  std::vector<std::uint8_t> winner_;
};

}  // namespace bench
