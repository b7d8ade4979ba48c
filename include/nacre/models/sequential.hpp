#pragma once
// Sequential: a model of layers one after another.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/core/tensor.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/layers/activation.hpp>
#include <nacre/layers/input.hpp>
#include <nacre/metrics/metric.hpp>
#include <nacre/models/history.hpp>
#include <nacre/models/idle_networks.hpp>
#include <nacre/models/model_run.hpp>
#include <nacre/models/model_state.hpp>


namespace nacre {

/// A model of layers one after another, float unless `BasicSequential<double>` is asked for. It owns all weights, and copies
/// by value. With an `Input` first it is built at once, otherwise by the first data it sees.
///
/// Its seed (`set_random_seed` before it is made, or `set_seed`) determines the first weights, the order of samples and
/// what dropout drops: the same seed gives the same bits on any number of threads.
template <class T>
class BasicSequential {
 public:
  BasicSequential();
  BasicSequential(const BasicSequential&);
  BasicSequential(BasicSequential&&) noexcept;
  BasicSequential& operator=(const BasicSequential&);
  BasicSequential& operator=(BasicSequential&&) noexcept;
  ~BasicSequential();

  /// Throws what `add` throws.
  BasicSequential(std::initializer_list<AnyLayer<T>> layers, std::string name = "sequential");

  /// Adds a layer at the end; what had been learned is lost. Throws ValueError for a name that is taken, StateError for
  /// an Input that does not come first.
  void add(AnyLayer<T> layer);

  /// Builds the model for samples of that shape, the batch not counted, and draws its first weights; again, if it had
  /// been built. Throws ShapeError, naming the layer, where the layers do not fit together.
  void build(const Shape& input_shape);
  bool built() const { return state_.built(); }

  /// Sets the seed. Throws StateError once the model has been built, since its weights were drawn with the old one.
  void set_seed(std::uint64_t seed) {
    require<StateError>(!built() || seed == state_.seed,
                        "Sequential: set_seed: the weights have been drawn; call it, or set_random_seed, before build");
    state_.seed = seed;
  }
  std::uint64_t seed() const { return state_.seed; }

  const std::string& name() const { return state_.name; }
  /// Shape of a sample. Throws StateError before the model is built.
  const Shape& input_shape() const { return need_built("input_shape"), *state_.input_shape; }
  /// Shape of a sample's output. Throws StateError before the model is built.
  const Shape& output_shape() const { return need_built("output_shape"), state_.output_shape(); }

  // ---- layers and weights -------------------------------------------------------------------------------------------

  const std::vector<AnyLayer<T>>& layers() const { return state_.layers; }
  const std::vector<std::string>& layer_names() const { return state_.names; }

  /// The layer of that name. Throws ValueError, with the names there are, where there is none.
  const AnyLayer<T>& layer(std::string_view layer_name) const;

  /// Names of all weights: "dense/kernel".
  std::vector<std::string> weight_names() const {
    std::vector<std::string> found;
    for (const Weight& weight : state_.parameters.weights()) found.push_back(weight.name);
    return found;
  }

  /// The weight of that name, to be read, or written to: `model.weight("dense/bias") = xt::zeros<float>({10})`. Throws
  /// StateError before the model is built and ValueError for a name that is not known.
  TensorView<T> weight(std::string_view weight_name) {
    need_built("weight");
    const Weight& found = state_.parameters.find(weight_name);
    return {state_.parameters.data(found), found.spec.shape};
  }
  TensorView<const T> weight(std::string_view weight_name) const {
    need_built("weight");
    const Weight& found = state_.parameters.find(weight_name);
    return {state_.parameters.data(found), found.spec.shape};
  }

  /// Number of parameters, of those that training changes or of all.
  std::int64_t count_params(bool trainable_only = false) const {
    return state_.parameters.count(true) + (trainable_only ? 0 : state_.parameters.count(false));
  }

  /// Keras' table of layers and parameters, as a text.
  std::string summary_text() const;
  /// Prints it.
  void summary() const {
    std::fputs(detail::printable_lines(summary_text()).c_str(), stdout);  // names may come from a file
    std::fflush(stdout);
  }

  // ---- training -----------------------------------------------------------------------------------------------------

  /// Says how to learn and what to measure; what the optimizer had gathered is lost. Throws ValueError for two metrics
  /// of one name.
  void compile(CompileOptions<T> options);
  bool compiled() const { return state_.compiled.has_value(); }

  /// Trains on a data set and returns the losses and metrics of each epoch. Throws StateError before `compile`,
  /// ShapeError where the data does not go with the model, ValueError for options outside their range.
  History fit(const Dataset& data, FitOptions options = {});

  /// The same with x (samples, ...) and y (samples, ...) as xtensor, std::vector, std::span, arrays or `samples(memory, shape)`,
  /// which are not copied.
  template <class X, class Y>
  requires(!std::is_same_v<std::decay_t<X>, Dataset>) History fit(X&& x, Y&& y, FitOptions options = {}) {
    return fit(Dataset::view(std::forward<X>(x), std::forward<Y>(y)), std::move(options));
  }

  /// Loss and metrics of a data set. Throws as `fit` does.
  Evaluation evaluate(const Dataset& data, EvaluateOptions options = {}) const;
  template <class X, class Y>
  requires(!std::is_same_v<std::decay_t<X>, Dataset>) Evaluation evaluate(X&& x, Y&& y, EvaluateOptions options = {})
  const { return evaluate(Dataset::view(std::forward<X>(x), std::forward<Y>(y)), std::move(options)); }

  /// One training step on one batch; returns its loss and metrics.
  Logs train_on_batch(const Dataset& batch);
  template <class X, class Y>
  Logs train_on_batch(X&& x, Y&& y) {
    return train_on_batch(Dataset::view(std::forward<X>(x), std::forward<Y>(y)));
  }

  /// Loss and metrics of one batch.
  Logs test_on_batch(const Dataset& batch) const {
    EvaluateOptions options;
    options.batch_size = std::max<std::int64_t>(batch.size(), 1);
    return evaluate(batch, std::move(options));
  }
  template <class X, class Y>
  Logs test_on_batch(X&& x, Y&& y) const {
    return test_on_batch(Dataset::view(std::forward<X>(x), std::forward<Y>(y)));
  }

  // ---- predictions --------------------------------------------------------------------------------------------------

  /// The outputs for x (samples, ...), as (samples, output shape...). Safe from several threads at once. Throws
  /// StateError before the model is built, ShapeError for samples of another shape.
  template <class X>
  requires(!std::is_same_v<std::decay_t<X>, Dataset>) xt::xarray<T> predict(X&& x, PredictOptions options = {}) const {
    return predict(Dataset::view(std::forward<X>(x)), options);
  }
  xt::xarray<T> predict(const Dataset& data, PredictOptions options = {}) const;

  /// Everything the model consists of: for saving, reports and tools.
  const ModelState<T>& state() const { return state_; }
  ModelState<T>& state() { return state_; }

 private:
  void append(AnyLayer<T> layer);

  bool is_taken(const std::string& layer_name) const {
    return std::find(state_.names.begin(), state_.names.end(), layer_name) != state_.names.end();
  }

  void prepare(const char* call, const Dataset& data) {
    need_compiled(call);
    if (!built()) build(data.feature_shape());
  }

  void need_built(const char* call) const {
    require<StateError>(built(), "Sequential: ", call,
                        ": expected a model that is built; begin it with Input(shape), or call ",
                        "build(shape) or fit");
  }
  void need_compiled(const char* call) const {
    require<StateError>(compiled(), "Sequential: ", call,
                        ": expected a compiled model; call compile({.optimizer = ..., .loss = "
                        "...}) before it");
  }

  ModelState<T> state_;
  mutable detail::IdleNetworks<T> idle_;
};

/// A model of layers one after another, in float: `Sequential model{Dense(10), ...}`. BasicSequential<double> computes in double.
using Sequential = BasicSequential<float>;

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/models/sequential-inl.hpp>
#endif
