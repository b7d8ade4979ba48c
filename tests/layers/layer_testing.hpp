#pragma once
// What the tests of layers share: random inputs, and a layer's answer to them outside of a model.

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <nacre/core/random.hpp>
#include <nacre/core/xtensor.hpp>
#include <nacre/layers/harness.hpp>

#include "catch.hpp"

namespace nacre::testing {

/// An array of that shape with normal random numbers, always the same for a seed.
template <class T = float>
xt::xarray<T> normal_array(const Shape& shape, std::uint64_t seed = 1) {
  auto values = xt::xarray<T>::from_shape(std::vector<std::size_t>(shape.begin(), shape.end()));
  const RandomStream random(seed);
  for (std::size_t i = 0; i < values.size(); ++i) values.data()[i] = static_cast<T>(random.normal(i));
  return values;
}

template <class T>
Shape shape_of(const xt::xarray<T>& values) {
  return Shape(values.shape().begin(), values.shape().end());
}

template <class T>
TensorView<const T> view_of(const xt::xarray<T>& values) {
  return {values.data(), shape_of(values)};
}

/// Whether two arrays have the same shape and equal numbers. (CHECK cannot take xtensor's own comparison apart.)
template <class T>
bool same_values(const xt::xarray<T>& a, const xt::xarray<T>& b) {
  return shape_of(a) == shape_of(b) && std::equal(a.begin(), a.end(), b.begin());
}

/// What a layer without weights makes of `input` (batch, ...).
template <class T>
xt::xarray<T> output_of(Layer layer, const xt::xarray<T>& input, bool training = false, std::uint64_t seed = 1) {
  LayerHarness<T> harness(std::move(layer), shape_of(input).from(1), shape_of(input).front(), seed);
  return harness.forward(view_of(input), training);
}

/// The shape that a layer gives a sample, or what it throws.
inline Shape build(const Layer& layer, const Shape& input) {
  LayerBuilder builder;
  return layer.build(input, builder);
}

/// The names and shapes of the weights that a layer asks for: "kernel (3, 4), bias (4,)"; non-trainable ones in square
/// brackets.
inline std::string weights_of(const Layer& layer, const Shape& input) {
  LayerBuilder builder;
  layer.build(input, builder);
  std::string names;
  for (const WeightSpec& weight : builder.weights()) {
    const std::string name = weight.name + " " + weight.shape.to_string();
    names += (names.empty() ? "" : ", ") + (weight.trainable ? name : "[" + name + "]");
  }
  return names;
}

}  // namespace nacre::testing
