#pragma once
// The layer that applies an activation and nothing else.

#include <string>

#include <nacre/layers/activated.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// output = activation(input), of any shape; softmax and log_softmax work on the last axis. In a model one writes
/// `Activation("relu")`, or just `relu`: an activation stands for its layer.
struct ActivationLayer : Callable<ActivationLayer> {
  static constexpr std::string_view type_name = "Activation";
  explicit ActivationLayer(Activation activation, std::string name = {});

  Activation activation;
  std::string name;
  void fields(Fields& list) {
    list("activation", activation);
    list("name", name);
  }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    require<ShapeError>(input.rank() >= 1 || activation.is_elementwise(), "expected at least rank 1, got ", input);
    if (activation == linear) builder.share_input();
    builder.pass_mask();
    builder.backward_reads({.inputs = activation.keeps_input(), .output = !activation.keeps_input()});
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    detail::forward_activation(step, activation);
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    detail::backward_activation(step, activation);
  }

  Activation final_activation() const { return activation; }
  ActivationLayer without_activation() const { return ActivationLayer(linear, name); }

 private:
  friend struct ConfigAccess;
  ActivationLayer() = default;
};

inline ActivationLayer::ActivationLayer(Activation function, std::string layer_name)
    : activation(function), name(std::move(layer_name)) {}

/// An activation among a model's layers stands for the layer that applies it.
inline ActivationLayer as_layer(Activation activation) { return ActivationLayer(activation); }

template <class>
SymbolicTensor Activation::operator()(const SymbolicTensor& input) const {
  return ActivationLayer(*this)(input);
}

}  // namespace nacre
