#pragma once
// ModelState: everything that a model is.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nacre/core/box.hpp>
#include <nacre/core/buffer.hpp>
#include <nacre/core/error.hpp>
#include <nacre/core/float_control.hpp>
#include <nacre/core/shape.hpp>
#include <nacre/kernels/blas.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/models/compile_options.hpp>
#include <nacre/models/idle_networks.hpp>
#include <nacre/models/parameters.hpp>
#include <nacre/optimizers/updater.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// While one lives, this thread computes as the pool's threads do: denormals are zero and BLAS calls stay on one
/// thread.
struct ComputeScope {
  FlushDenormals flush;
  SingleThreadedBlas blas;
};

/// How many calls train a model just now. A copy of the model is trained by none of them.
struct Trainings {
  int count = 0;

  Trainings() = default;
  Trainings(const Trainings&) noexcept {}
  Trainings& operator=(const Trainings&) noexcept { return *this; }
};

/// A model's layers, weights, and how it is trained. A value: copies share nothing. What changes it builds aside first
/// and then moves into place, so that a call that throws changes nothing.
template <class T>
struct ModelState {
  std::string name = "sequential";
  std::uint64_t seed = random_seed();
  std::vector<AnyLayer<T>> layers;
  std::vector<std::string> names;       ///< of the layers, each different
  std::optional<Shape> declared_input;  ///< what Input said, where there was one
  std::optional<Shape> input_shape;
  bool as_drawn = false;  ///< whether the weights are still those that the seed gave
  Trainings trainings;

  // From here on there is something once the input's shape is known.
  std::vector<Shape> output_shapes;  ///< of each layer
  Parameters<T> parameters;
  mutable detail::IdleNetworks<T> idle;

  // And from here on once the model is compiled, too.
  std::optional<CompileOptions<T>> compiled;
  Box<Updater<T>> updater;
  Box<Updater<T>> (*make_updater)(const CompileOptions<T>&, const Parameters<T>&) = nullptr;
  Buffer<T> gradients;  ///< of all trainable weights; taken by the first training

  bool built() const { return input_shape.has_value(); }
  const Shape& output_shape() const { return output_shapes.empty() ? *input_shape : output_shapes.back(); }
  Activation final_activation() const { return layers.empty() ? linear : layers.back().final_activation(); }

  /// How a layer is called in errors: `layer 4 "dense" (Dense)`.
  [[gnu::cold]] std::string place(std::size_t layer) const {
    return text("Sequential: layer ", layer, " \"", names[layer], "\" (", layers[layer].class_name(), ")");
  }

  /// What the layers make of samples of a shape, and the weights that they ask for.
  struct Outline {
    std::vector<Shape> output_shapes;              ///< of each layer
    std::vector<std::vector<WeightSpec>> weights;  ///< of each layer
  };

  /// Asks all layers, and takes no memory yet. Throws what a layer throws, with the layer's place in front.
  [[gnu::cold]] Outline outline(const Shape& input) const {
    Outline result;
    require_positive_extents(input, "Sequential: samples");
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
  [[gnu::cold]] void build(const Shape& input) {
    Outline outlined = outline(input);
    Parameters<T> drawn(outlined.weights, names);
    drawn.initialize(seed);
    commit(input, std::move(outlined), std::move(drawn));
    as_drawn = true;
  }

  /// The same from what `outline` said of that shape, with all weights zero.
  [[gnu::cold]] void build(const Shape& input, Outline outlined) {
    Parameters<T> zeros(outlined.weights, names);
    commit(input, std::move(outlined), std::move(zeros));
  }

  /// Puts a layer of that name behind the others, which keep their weights; with `build_it` the model is built with it,
  /// where the input's shape is known.
  [[gnu::cold]] void append(AnyLayer<T> layer, std::string layer_name, bool build_it) {
    ModelState longer = *this;
    longer.layers.push_back(std::move(layer));
    longer.names.push_back(std::move(layer_name));
    const auto& input = declared_input ? declared_input : input_shape;
    if (build_it && input) {
      longer.build(*input);
      longer.parameters.copy_from(parameters);
      longer.as_drawn = !built() || as_drawn;
    }
    layers.swap(longer.layers);
    names.swap(longer.names);
    if (build_it && longer.built()) take_built(longer);
  }

  /// Says how it is trained from now on.
  [[gnu::cold]] void compile(CompileOptions<T> options) {
    const auto make = [](const CompileOptions<T>& chosen, const Parameters<T>& weights) {
      const auto size = static_cast<std::int64_t>(weights.trainable().size());
      return Box<Updater<T>>::make(chosen.optimizer, size, weights.segments());
    };
    Box<Updater<T>> made;
    if (built()) made = make(options, parameters);
    compiled = std::move(options);
    updater = std::move(made);
    make_updater = make;  // for when it is built, or built anew
  }

 private:
  void commit(const Shape& input, Outline outlined, Parameters<T> weights) {
    Box<Updater<T>> made;
    if (compiled) made = make_updater(*compiled, weights);
    // Nothing below throws.
    input_shape = input;
    output_shapes = std::move(outlined.output_shapes);
    parameters = std::move(weights);
    updater = std::move(made);
    gradients = Buffer<T>();
    idle.clear();
    as_drawn = false;
  }

  void take_built(ModelState& other) noexcept {
    input_shape = other.input_shape;
    output_shapes = std::move(other.output_shapes);
    parameters = std::move(other.parameters);
    updater = std::move(other.updater);
    gradients = Buffer<T>();
    idle.clear();
    as_drawn = other.as_drawn;
  }

  Shape build_layer(std::size_t layer, const Shape& input, LayerBuilder& builder) const {
    try {
      const Shape output = layers[layer].build(input, builder);
      require_positive_extents(output, "output");
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
