#pragma once
// Bodies of models/step_times.hpp.

#include <nacre/core/list.hpp>
#include <nacre/models/fusion.hpp>
#include <nacre/models/trainer.hpp>
#include <nacre/models/step_times.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

using StepClock = std::chrono::steady_clock;

/// The seconds of each call since the clock was reset.
struct LayerClock {
  std::vector<double> forward{};
  std::vector<double> backward{};
};

/// Calls `work` and notes how long it took.
template <class Work>
void time_into(std::vector<double>& seconds, Work work) {
  const auto begin = StepClock::now();
  work();
  seconds.push_back(std::chrono::duration<double>(StepClock::now() - begin).count());
}

/// The median, the mean of the middle two for an even number; 0 of nothing.
inline double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// A layer with a clock around what it computes.
template <class T>
struct TimedLayer {
  static constexpr std::string_view type_name = "TimedLayer";
  Layer layer;
  std::shared_ptr<LayerClock> clock;
  void fields(Fields&) {}

  Shape build(const Shapes& inputs, LayerBuilder& builder) const { return layer.build(inputs, builder); }
  void forward(const Forward<T>& step) const {
    time_into(clock->forward, [&] { layer.forward(step); });
  }
  void backward(const Backward<T>& step) const {
    time_into(clock->backward, [&] { layer.backward(step); });
  }
  Activation final_activation() const { return layer.final_activation(); }
  TimedLayer without_activation() const { return {layer.without_activation(), clock}; }
};

/// A copy of a model whose layers, put together as a network would, have clocks around them.
template <class T>
class TimedModel {
 public:
  explicit TimedModel(const ModelState<T>& original) : state_(original) {
    const BuiltGraph& built = *original.built_graph;
    const List<PlannedLayer> planned = fuse(built);
    List<std::size_t> last_node(built.flat.nodes.size());  // of the timed graph, for each that it stands for
    Graph& graph = state_.graph = Graph{built.flat.inputs, {}, {}};
    for (const PlannedLayer& layer : planned) {
      const GraphNode& first = built.flat.nodes[layer.members.front()];
      GraphNode node{TimedLayer<T>{layer.layer, clocks_.emplace_back(std::make_shared<LayerClock>())}, {}, {}};
      node.owner = graph.nodes.size();
      node.trainable = first.trainable;
      for (std::size_t member : layer.members) {
        node.name += (node.name.empty() ? "" : " + ") + built.flat.nodes[member].name;
        last_node[member] = graph.nodes.size();
      }
      for (TensorRef input : first.inputs) {
        if (!input.is_input()) input.node = static_cast<std::int64_t>(last_node[input.node_index()]);
        node.inputs.push_back(input);
      }
      graph.nodes.push_back(std::move(node));
    }
    for (TensorRef output : built.flat.outputs) {
      if (!output.is_input()) output.node = static_cast<std::int64_t>(last_node[output.node_index()]);
      graph.outputs.push_back(output);
    }
    state_.build(List<TensorSpec>(built.inputs));
    for (const Weight& timed : state_.parameters.weights()) {
      for (std::size_t member : planned[timed.layer].members)
        copy_weight(original, built.flat.nodes[member].owner, timed);
    }
  }

  ModelState<T>& state() { return state_; }

  void reset() {
    for (auto& clock : clocks_) *clock = LayerClock();
  }

  List<LayerTime> layer_times() const {
    List<LayerTime> times;
    for (std::size_t i = 0; i < clocks_.size(); ++i) {
      times.push_back({state_.graph.nodes[i].name, median(clocks_[i]->forward), median(clocks_[i]->backward)});
    }
    return times;
  }

 private:
  void copy_weight(const ModelState<T>& original, std::size_t layer, const Weight& timed) {
    for (const Weight& weight : original.parameters.weights()) {
      if (weight.layer != layer || weight.spec.name != timed.spec.name || !(weight.spec.shape == timed.spec.shape))
        continue;
      std::copy_n(original.parameters.data(weight), weight.spec.shape.size(), state_.parameters.data(timed));
    }
  }

  ModelState<T> state_;
  List<std::shared_ptr<LayerClock>> clocks_;
};

}  // namespace detail

template <class T>
StepTimes step_times(const BasicModel<T>& model, const Dataset& data, StepTimesOptions options) {
  require<StateError>(model.built() && model.compiled(),
                      "step_times: expected a model that is built and compiled; call compile and fit before it");
  require<ValueError>(options.batch_size >= 1 && options.repeats >= 1,
                      "step_times: expected batch_size and repeats of 1 or more, got ", options.batch_size, " and ",
                      options.repeats);
  constexpr std::int64_t warm_up = 3;  // the first steps take memory and fill the caches
  const ComputeScope scope;
  const std::shared_ptr<ThreadPool> pool = thread_pool();
  detail::TimedModel<T> timed(model.state());
  const std::unique_ptr<BatchSource<T>> source = make_source(timed.state(), data, {.batch_size = options.batch_size});
  const std::int64_t batch_size = source->spec().batch_size;
  Trainer<T> trainer(timed.state(), source->spec());
  const std::int64_t whole_batches = std::max<std::int64_t>(data.size() / batch_size, 1);
  std::vector<double> seconds;
  for (std::int64_t step = 0; step < warm_up + options.repeats; ++step) {
    if (step == warm_up) {
      timed.reset();
      seconds.clear();
    }
    detail::time_into(seconds, [&] {
      trainer.load(*source, step % whole_batches, *pool);
      trainer.train(*pool);
    });
  }
  return {timed.layer_times(), detail::median(seconds), batch_size};
}

}  // namespace nacre
