#pragma once
// Stepper: a model of sequences, one step at a time.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include <nacre/core/float_control.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/thread_pool.hpp>
#include <nacre/models/layer_states.hpp>
#include <nacre/models/model.hpp>
#include <nacre/models/network.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A model of sequences that is given one step after another, as audio and control loops have them, and keeps between
/// the steps what its layers remember: after each step `output` is what `predict` gives for that step or, where the
/// model's output is no sequence, what it would give for the steps so far.
///
/// ```cpp
/// auto stepper = model.stepper();
/// for (const auto& frame : frames) play(stepper(frame));
/// ```
///
/// The model's layers compute a step from it and those before: recurrent layers that go forwards, and
/// layers that treat each step alone, also within TimeDistributed. It has a copy of the weights as they were when it
/// was made, computes on the calling thread, allocates nothing after its first step, and knows no locks: one thread at
/// a time uses it.
template <class T>
class Stepper {
 public:
  /// Throws ValueError, naming the layer where it is one, for a model that looks ahead, for masks and for inputs of
  /// integers; StateError for a model that is not built.
  explicit Stepper(const BasicModel<T>& model);

  Stepper(const Stepper&) = delete;
  Stepper& operator=(const Stepper&) = delete;

  /// The features of the next step, to be written to, of the input of that number.
  std::span<T> input(std::size_t index = 0) {
    return {network_.input(index), static_cast<std::size_t>(built_.inputs[index].shape.size())};
  }

  /// Computes a step from what `input` has.
  void step() {
    const FlushDenormals flush;
    network_.forward(false, 0, 0, pool_);
  }

  /// What the last step put out.
  std::span<const T> output(std::size_t index = 0) const {
    const TensorView<T>& output = network_.output(index);
    return {output.elements(), static_cast<std::size_t>(output.extents().size())};
  }

  /// A step of a model of one input. Throws ShapeError for another number of features.
  std::span<const T> operator()(std::span<const T> features) {
    const std::span<T> to = input();
    if (features.size() != to.size()) fail_features(features.size());
    std::copy(features.begin(), features.end(), to.begin());
    step();
    return output();
  }

  /// Forgets all steps.
  [[gnu::cold]] void reset() {
    states_.reset();
    states_.begin(1);
  }

 private:
  [[noreturn, gnu::cold, gnu::noinline]] void fail_features(std::size_t found) const {
    throw ShapeError(text("Stepper: expected ", built_.inputs[0].shape.size(), " features, got ", found));
  }

  [[gnu::cold]] static BuiltGraph one_step(const ModelState<T>& state);
  [[gnu::cold]] static Parameters<T> copied(const BuiltGraph& built, const Parameters<T>& weights);
  [[gnu::cold]] void compare(const ModelState<T>& state);

  BuiltGraph built_;
  Parameters<T> parameters_;
  LayerStates<T> states_;
  ThreadPool pool_{1};
  Network<T> network_;
};

template <class T>
BuiltGraph Stepper<T>::one_step(const ModelState<T>& state) {
  require<StateError>(state.built(), "stepper: expected a model that is built");
  Graph graph = state.built_graph->flat;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    GraphNode& node = graph.nodes[i];
    node.source = nullptr;
    if (std::optional<Layer> step = node.layer.each_step()) node.layer = *std::move(step);
  }
  List<TensorSpec> inputs = state.built_graph->inputs;
  for (TensorSpec& input : inputs) {
    require<ShapeError>(input.shape.rank() >= 2, "stepper: expected samples of shape (steps, features), got ",
                        input.shape);
    require<ValueError>(!input.integers, "stepper: expected inputs of floating numbers, got one of integers");
    Shape shape = input.shape.from(1).with_batch(1);
    input.shape = shape;
  }
  BuiltGraph built = build_graph(graph, inputs, "stepper");
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    for (const TensorSpec& output : built.outputs[i]) {
      require<ValueError>(!output.mask, "stepper: expected a model without masks, got layer \"", graph.nodes[i].name,
                          "\"; give it the steps that count alone");
    }
    require<ValueError>(graph.nodes[i].owner == i || built.states[graph.nodes[i].owner].empty(),
                        "stepper: expected layers that remember steps to be called once, got \"", graph.nodes[i].name,
                        "\" called again");
  }
  return built;
}

template <class T>
Parameters<T> Stepper<T>::copied(const BuiltGraph& built, const Parameters<T>& weights) {
  Parameters<T> copy(built);
  copy.copy_from(weights);
  return copy;
}

/// The model over a whole sequence of random numbers, and step by step.
template <class T>
void Stepper<T>::compare(const ModelState<T>& state) {
  LayerStates<T> states(*state.built_graph);
  Network<T> whole(*state.built_graph, 1, state.parameters, nullptr, {}, states);
  List<List<T>> numbers(state.inputs());
  for (std::size_t k = 0; k < state.inputs(); ++k) {
    const RandomStream random(1, Purpose::user, k);
    for (std::int64_t i = 0; i < state.input_shape(k).size(); ++i) {
      numbers[k].push_back(static_cast<T>(random.normal(static_cast<std::uint64_t>(i))));
    }
    std::copy(numbers[k].begin(), numbers[k].end(), whole.input(k));
  }
  whole.forward(false, 0, 0, pool_);
  const std::int64_t steps = state.input_shape()[0];
  bool matches = true;
  for (std::int64_t t = 0; t < steps; ++t) {
    for (std::size_t k = 0; k < state.inputs(); ++k) {
      require<ShapeError>(state.input_shape(k)[0] == steps, "stepper: expected inputs of equally many steps");
      const auto features = static_cast<std::int64_t>(input(k).size());
      std::copy_n(numbers[k].begin() + t * features, features, input(k).begin());
    }
    step();
    for (std::size_t k = 0; k < state.outputs(); ++k) {
      const auto size = static_cast<std::int64_t>(output(k).size());
      const std::int64_t rows = whole.output(k).extents().size() / size;
      require<ShapeError>(rows == steps || rows == 1, "stepper: expected an output of as many steps as the input");
      if (rows == 1 && t + 1 < steps) continue;
      const T* expected = whole.output(k).elements() + (rows == 1 ? 0 : t) * size;
      for (std::int64_t i = 0; i < size; ++i) {
        const double found = static_cast<double>(output(k)[static_cast<std::size_t>(i)]);
        const double wanted = static_cast<double>(expected[i]);
        matches &= std::abs(found - wanted) <= 1e-3 * std::max(1.0, std::abs(wanted));
      }
    }
  }
  require<ValueError>(matches,
                      "stepper: expected layers that compute a step from it and those before, such as LSTM and "
                      "Dense; over a whole sequence this model computes something else than step by step");
  reset();
}

template <class T>
Stepper<T>::Stepper(const BasicModel<T>& model)
    : built_(one_step(model.state())),
      parameters_(copied(built_, model.state().parameters)),
      states_(built_),
      network_(built_, 1, parameters_, nullptr, {}, states_) {
  compare(model.state());
}

template <class T>
template <class>
Stepper<T> BasicModel<T>::stepper() const {
  return Stepper<T>(*this);
}

}  // namespace nacre
