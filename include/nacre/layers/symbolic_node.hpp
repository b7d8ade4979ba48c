#pragma once
// SymbolicNode: a call of a layer in a model that is being written down.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <nacre/core/list.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// Where a layer's weights have values already: in the model that it is taken from.
struct WeightSource {
  virtual ~WeightSource() = default;
  /// Copies the weight of that name and shape to `values`; false where there is none.
  virtual bool read(std::string_view name, const Shape& shape, float* values) const = 0;
  virtual bool read(std::string_view name, const Shape& shape, double* values) const = 0;
};

/// A layer that was called. Two calls of the same one share its weights.
struct CalledLayer {
  Layer layer;
  std::string name{};  ///< that it has in a model already, or an empty one
  bool trainable = true;
  std::shared_ptr<const WeightSource> weights{};
  std::string weights_prefix{};  ///< what the source has before the weights' names
};

struct SymbolicNode {
  std::uint64_t number = 0;                    ///< in the order of the calls
  std::shared_ptr<const CalledLayer> layer{};  ///< nullptr: an input
  SymbolicTensors inputs{};
  List<TensorSpec> outputs{};
  std::string name{};  ///< of an input
};

/// The outputs of a layer on these inputs.
SymbolicTensors call_layer(std::shared_ptr<const CalledLayer> layer, const SymbolicTensors& inputs);

/// The same of a layer that is called here alone.
SymbolicTensors call_whole(Layer layer, const SymbolicTensors& inputs);

/// An input of that shape and number of samples.
SymbolicTensor make_input(const TensorSpec& spec, std::string name);

/// What a layer makes of such inputs. Throws what the layer throws.
List<TensorSpec> outputs_of(const Layer& layer, const List<TensorSpec>& inputs, LayerBuilder& builder);

const TensorSpec& spec_of(const SymbolicTensor& tensor);

/// How a layer is called in errors: `"conv" (Conv2D)`.
std::string name_and_class(std::string_view name, const Layer& layer);

}  // namespace nacre::detail
