#pragma once
// Which neighbouring layers a network computes in one.

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include <nacre/core/shape.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

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

/// The layers with neighbours put together where one pass serves both; the user still sees them as written.
/// @param input shape of a sample of the first layer's input.
template <class T>
std::vector<PlannedLayer<T>> fuse(const std::vector<AnyLayer<T>>& layers, const Shape& input) {
  std::vector<PlannedLayer<T>> planned;
  Shape shape = input;
  for (std::size_t index = 0; index < layers.size(); ++index) {
    const auto joined = index + 1 < layers.size() ? layers[index].join(layers[index + 1], shape) : std::nullopt;
    planned.push_back({joined ? *joined : layers[index], index});
    LayerBuilder builder;
    shape = planned.back().layer.build(shape, builder);
    if (joined) ++index;
  }
  return planned;
}

}  // namespace nacre
