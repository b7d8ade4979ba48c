#pragma once
// The layer that applies an activation and nothing else.

#include <string>

#include <nacre/kernels/elementwise.hpp>
#include <nacre/kernels/softmax.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// output = activation(input), of any shape; softmax works on the last axis. In a model one writes
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
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    const std::int64_t size = step.input.sample_size();
    step.parallel(step.batch(), [&](std::int64_t sample, T*) {
      const T* input = step.input.elements() + sample * size;
      T* output = step.output.elements() + sample * size;
      if (activation == softmax) {
        const std::int64_t classes = step.input.extents().back();
        kernels::softmax(size / classes, classes, input, output);
      } else {
        kernels::activate(activation, size, input, output);
      }
    });
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    const std::int64_t size = step.input.sample_size();
    step.parallel(step.batch(), [&](std::int64_t sample, T*) {
      const T* output = step.output.elements() + sample * size;
      const T* output_gradient = step.output_gradient.elements() + sample * size;
      T* input_gradient = step.input_gradient.elements() + sample * size;
      if (activation == softmax) {
        const std::int64_t classes = step.input.extents().back();
        kernels::softmax_gradient(size / classes, classes, output, output_gradient, input_gradient);
      } else {
        kernels::activation_gradient(activation, size, output, output_gradient, input_gradient);
      }
    });
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

}  // namespace nacre
