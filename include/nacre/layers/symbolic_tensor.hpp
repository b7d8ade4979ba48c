#pragma once
// SymbolicTensor: a tensor of a model that is being written down, before there is any data.
//
//   auto x = Input({28, 28, 1});
//   auto h = Conv2D(32, 3, {.activation = relu})(x);
//   auto y = Dense(10, {.activation = softmax})(GlobalAveragePooling2D()(h));
//   Model model(x, y);

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/core/compiled.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/shape.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

class Layer;
class SymbolicTensor;

/// Several of them, in order: the inputs of a layer that merges, the outputs of one that splits.
using SymbolicTensors = List<SymbolicTensor>;

namespace detail {

struct SymbolicNode;
struct CalledLayer;

}  // namespace detail

/// What a layer's call gives: a tensor that is not computed yet, of which the shape is known. Copies stand for the same
/// tensor.
class SymbolicTensor {
 public:
  /// An input of a model. Keras' Input.
  explicit SymbolicTensor(const Shape& shape, std::string name = {});

  /// Of a sample, the batch not counted.
  const Shape& shape() const;

  /// Further output `index` of the layer that this tensor comes from. Throws ValueError where it has fewer.
  SymbolicTensor output(std::size_t index) const;
  /// How many outputs that layer has.
  std::size_t outputs() const;

  friend bool operator==(const SymbolicTensor& a, const SymbolicTensor& b) {
    return a.node_ == b.node_ && a.output_ == b.output_;
  }

  // For what builds models from them.
  using Node = detail::SymbolicNode;
  SymbolicTensor(std::shared_ptr<const Node> node, std::size_t output) : node_(std::move(node)), output_(output) {}
  const std::shared_ptr<const Node>& node() const { return node_; }
  std::size_t index() const { return output_; }

 private:
  std::shared_ptr<const Node> node_;
  std::size_t output_ = 0;
};

/// The first output of a layer on these inputs. Throws what the layer throws for inputs of such shapes, with its name
/// in front.
SymbolicTensor call_layer(Layer layer, const SymbolicTensors& inputs);

/// What makes a class of layers callable: `Dense(10)(x)`, `Add()({a, b})`. Each call stands for a layer of its own,
/// with weights of its own.
template <class L>
struct Callable {
  SymbolicTensor operator()(const SymbolicTensor& input) const;
  SymbolicTensor operator()(const SymbolicTensors& inputs) const;
};

namespace detail {

/// The one tensor of a list. Throws ShapeError where there are several.
const SymbolicTensor& only_tensor(const SymbolicTensors& tensors);

}  // namespace detail

}  // namespace nacre
