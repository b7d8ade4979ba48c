#pragma once
// The residual network that tests and benchmarks call R1.

#include <nacre/layers/activation.hpp>
#include <nacre/layers/batch_normalization.hpp>
#include <nacre/layers/conv2d.hpp>
#include <nacre/layers/dense.hpp>
#include <nacre/layers/global_average_pooling2d.hpp>
#include <nacre/layers/max_pooling2d.hpp>
#include <nacre/layers/merging.hpp>
#include <nacre/models/model.hpp>

namespace nacre::testing {

/// A convolution without bias and its normalization.
inline SymbolicTensor normalized_convolution(std::int64_t filters, std::int64_t kernel, const SymbolicTensor& x) {
  return BatchNormalization()(Conv2D(filters, kernel, {.padding = "same", .use_bias = false})(x));
}

/// Two convolutions of 3x3 and the block's input, or its convolution of 1x1 where the number of filters changes.
inline SymbolicTensor residual_block(std::int64_t filters, const SymbolicTensor& x) {
  const SymbolicTensor inner = relu(normalized_convolution(filters, 3, x));
  const SymbolicTensor shortcut = x.shape()[2] == filters ? x : normalized_convolution(filters, 1, x);
  return relu(Add()({normalized_convolution(filters, 3, inner), shortcut}));
}

/// For images of that shape; `filters` in the first half, twice as many in the second.
inline Model residual_network(const Shape& image = {28, 28, 1}, std::int64_t filters = 32) {
  const SymbolicTensor x = Input(image);
  SymbolicTensor h = relu(normalized_convolution(filters, 3, x));
  h = residual_block(filters, residual_block(filters, h));
  h = MaxPooling2D(2)(h);
  h = residual_block(2 * filters, residual_block(2 * filters, h));
  return Model(x, Dense(10, {.activation = softmax})(GlobalAveragePooling2D()(h)));
}

}  // namespace nacre::testing
