#pragma once
// shared: a layer with one set of weights, called several times.

#include <memory>
#include <utility>

#include <nacre/layers/symbolic_node.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A layer with one set of weights wherever it is called. Copies stand for the same layer.
class SharedLayer {
 public:
  explicit SharedLayer(Layer layer)
      : layer_(std::make_shared<detail::CalledLayer>(detail::CalledLayer{std::move(layer)})) {}

  SymbolicTensor operator()(const SymbolicTensor& input) const { return (*this)(SymbolicTensors{input}); }
  SymbolicTensor operator()(const SymbolicTensors& inputs) const { return detail::call_layer(layer_, inputs).front(); }

 private:
  std::shared_ptr<const detail::CalledLayer> layer_;
};

/// `auto tower = shared(Dense(64)); auto a = tower(left); auto b = tower(right);`: both calls have the same weights,
/// and their gradients are added, those of the last call first. A model may be shared, too: `shared(encoder)`.
inline SharedLayer shared(Layer layer) { return SharedLayer(std::move(layer)); }

}  // namespace nacre
