#pragma once
// ModelState: everything that a model is.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nacre/core/buffer.hpp>
#include <nacre/core/error.hpp>
#include <nacre/core/float_control.hpp>
#include <nacre/core/shape.hpp>
#include <nacre/kernels/blas.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/models/compile_options.hpp>
#include <nacre/models/parameters.hpp>
#include <nacre/optimizers/updater.hpp>

namespace nacre {

/// While one lives, this thread computes as the pool's threads do: denormals are zero and BLAS calls stay on one thread.
struct ComputeScope {
  FlushDenormals flush;
  SingleThreadedBlas blas;
};

/// A model's layers, weights, and how it is trained. A value: copies share nothing.
template <class T>
struct ModelState {
  std::string name = "sequential";
  std::uint64_t seed = random_seed();
  std::vector<AnyLayer<T>> layers;
  std::vector<std::string> names;  ///< of the layers, each different
  std::optional<Shape> declared_input;  ///< what Input said, where there was one
  std::optional<Shape> input_shape;

  // From here on there is something once the input's shape is known.
  std::vector<Shape> output_shapes;  ///< of each layer
  Parameters<T> parameters;

  // And from here on once the model is compiled, too.
  std::optional<CompileOptions<T>> compiled;
  std::optional<Updater<T>> updater;
  Buffer<T> gradients;

  bool built() const { return input_shape.has_value(); }
  const Shape& output_shape() const { return output_shapes.empty() ? *input_shape : output_shapes.back(); }
  Activation final_activation() const { return layers.empty() ? linear : layers.back().final_activation(); }

  /// How a layer is called in errors: `layer 4 "dense" (Dense)`.
  std::string place(std::size_t layer) const {
    return text("Sequential: layer ", layer, " \"", names[layer], "\" (", layers[layer].class_name(), ")");
  }

  /// What the layers make of samples of a shape, and the weights that they ask for.
  struct Outline {
    std::vector<Shape> output_shapes;              ///< of each layer
    std::vector<std::vector<WeightSpec>> weights;  ///< of each layer
  };

  /// Asks all layers, and takes no memory yet. Throws what a layer throws, with the layer's place in front.
  Outline outline(const Shape& input) const {
    Outline result;
    require_addressable(input);
    Shape shape = input;
    for (std::size_t layer = 0; layer < layers.size(); ++layer) {
      LayerBuilder builder;
      shape = build_layer(layer, shape, builder);
      result.output_shapes.push_back(shape);
      result.weights.push_back(builder.weights());
    }
    return result;
  }

  /// Builds all layers for samples of that shape and draws their first weights. Throws as `outline` does.
  void build(const Shape& input) {
    build(input, outline(input));
    parameters.initialize(seed);
  }

  /// The same from what `outline` said of that shape, with all weights zero.
  void build(const Shape& input, Outline outlined) {
    parameters = Parameters<T>(outlined.weights, names);
    output_shapes = std::move(outlined.output_shapes);
    input_shape = input;
    make_updater();
  }

  /// The optimizer's memory, all zero, once the model is built and compiled.
  void make_updater() {
    if (!built() || !compiled) return;
    updater.emplace(compiled->optimizer, static_cast<std::int64_t>(parameters.trainable().size()), parameters.segments());
    gradients = Buffer<T>(parameters.trainable().size());
  }

 private:
  Shape build_layer(std::size_t layer, const Shape& input, LayerBuilder& builder) const {
    try {
      const Shape output = layers[layer].build(input, builder);
      require_addressable(output);
      return output;
    } catch (const ShapeError& error) {
      throw ShapeError(text(place(layer), ": ", error.what()));
    } catch (const ValueError& error) {
      throw ValueError(text(place(layer), ": ", error.what()));
    }
  }
};

}  // namespace nacre
