#pragma once
// Sequential: a model of layers one after another.

#include <cstdint>
#include <initializer_list>
#include <memory>
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
#include <nacre/models/compile_options.hpp>
#include <nacre/models/gradients.hpp>
#include <nacre/models/history.hpp>
#include <nacre/models/model_run.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

template <class T>
struct ModelState;

/// A model of layers one after another. `Sequential` is the one that computes in float, `BasicSequential<double>`
/// computes in double. It owns all weights, and copies by value. With an `Input` first it is built at once, otherwise
/// by the first data it sees.
///
/// Its seed (`set_random_seed` before it is made, or `set_seed`) determines the first weights, the order of samples and
/// what dropout drops: the same seed gives the same bits on any number of threads.
///
/// What fails leaves the model as it was. Every call throws StateError for a model that was moved from. Calls that
/// change its layers or how it is trained, and training itself, throw StateError from a callback of its own training.
template <class T>
class BasicSequential {
 public:
  using IsModel = void;

  BasicSequential();
  BasicSequential(const BasicSequential& other);
  BasicSequential(BasicSequential&& other) noexcept;
  BasicSequential& operator=(const BasicSequential& other);
  BasicSequential& operator=(BasicSequential&& other);
  ~BasicSequential();

  /// Throws what `add` throws.
  BasicSequential(std::initializer_list<AnyLayer<T>> layers, std::string name = "sequential");

  /// Adds a layer at the end. Layers that are there keep their weights; what the optimizer had gathered is lost. Throws
  /// ValueError for a name that is taken, StateError for an Input that does not come first, ShapeError where the layer
  /// does not go with those before it.
  void add(AnyLayer<T> layer);

  /// Builds the model for samples of that shape, the batch not counted, and draws its first weights; again, if it had
  /// been built. Throws ShapeError, naming the layer, where the layers do not fit together.
  void build(const Shape& input_shape);
  bool built() const;

  /// Sets the seed. A built model that has not been trained draws its weights anew. Throws StateError once it has been
  /// trained or its weights were written to or loaded.
  void set_seed(std::uint64_t seed);
  std::uint64_t seed() const;

  const std::string& name() const;
  /// Shape of a sample. Throws StateError before the model is built.
  const Shape& input_shape() const;
  /// Shape of a sample's output. Throws StateError before the model is built.
  const Shape& output_shape() const;

  // ---- layers and weights -------------------------------------------------------------------------------------------

  const std::vector<AnyLayer<T>>& layers() const;
  const std::vector<std::string>& layer_names() const;

  /// The layer of that name. Throws ValueError, with the names there are, where there is none.
  const AnyLayer<T>& layer(std::string_view layer_name) const;

  /// Names of all weights: "dense/kernel".
  std::vector<std::string> weight_names() const;

  /// The weight of that name, to be read, or written to: `model.weight("dense/bias") = xt::zeros<float>({10})`. Throws
  /// StateError before the model is built and ValueError for a name that is not known.
  TensorView<T> weight(std::string_view weight_name);
  TensorView<const T> weight(std::string_view weight_name) const;

  /// Number of parameters, of those that training changes or of all.
  std::int64_t count_params(bool trainable_only = false) const;

  /// Keras' table of layers and parameters, as a text.
  std::string summary_text() const;
  /// Prints it.
  void summary() const;

  // ---- training -----------------------------------------------------------------------------------------------------

  /// Says how to learn and what to measure; what the optimizer had gathered is lost. Throws ValueError without a loss
  /// and for two metrics of one name.
  void compile(CompileOptions<T> options);
  bool compiled() const;

  /// Trains on a data set and returns the losses and metrics of each epoch. Throws StateError before `compile`,
  /// ShapeError where the data does not go with the model, ValueError for options outside their range and for class
  /// numbers that the model has no output for.
  History fit(const Dataset& data, FitOptions options = {});

  /// The same with x (samples, ...) and y (samples, ...) as xtensor, std::vector, std::span, arrays or `samples(memory,
  /// shape)`, which are not copied.
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
  Logs test_on_batch(const Dataset& batch) const;
  template <class X, class Y>
  Logs test_on_batch(X&& x, Y&& y) const {
    return test_on_batch(Dataset::view(std::forward<X>(x), std::forward<Y>(y)));
  }

  // ---- gradients ----------------------------------------------------------------------------------------------------

  /// The loss of one batch with its gradients: by each trainable weight and, where `options.by_input`, by the input.
  /// Changes nothing but moving averages, and those only with `options.training`. Throws as `fit` does.
  Gradients<T> gradients(const Dataset& batch, GradientOptions options = {});
  template <class X, class Y>
  requires(!std::is_same_v<std::decay_t<X>, Dataset>) Gradients<T> gradients(X&& x, Y&& y,
                                                                             GradientOptions options = {}) {
    return gradients(Dataset::view(std::forward<X>(x), std::forward<Y>(y)), options);
  }

  /// One step of the optimizer with these gradients, which may have been changed: the other half of a training loop of
  /// your own. Throws StateError before `compile`, ShapeError for gradients of another model.
  void apply_gradients(const Gradients<T>& gradients);

  // ---- predictions --------------------------------------------------------------------------------------------------

  /// The outputs for x (samples, ...), as (samples, output shape...). Safe from several threads at once. Throws
  /// StateError before the model is built, ShapeError for samples of another shape.
  template <class X>
  requires(!std::is_same_v<std::decay_t<X>, Dataset>) xt::xarray<T> predict(X&& x, PredictOptions options = {})
  const { return predict(Dataset::view(std::forward<X>(x)), options); }
  xt::xarray<T> predict(const Dataset& data, PredictOptions options = {}) const;

  /// Everything the model consists of: for saving, reports and tools.
  const ModelState<T>& state() const;
  ModelState<T>& state();

 private:
  /// @param build whether the model is built with the layer, where its input is known.
  void add(AnyLayer<T> layer, bool build);

  /// The state, where it may be changed; `call` is named in the error where it may not.
  ModelState<T>& changeable(const char* call);
  ModelState<T>& ready_to_train(const char* call, const Dataset& data);
  const ModelState<T>& need_built(const char* call) const;

  std::shared_ptr<ModelState<T>> state_;  // shared with a training that is going on, and nullptr once moved from
};

/// A model of layers one after another, in float: `Sequential model{Dense(10), ...}`.
using Sequential = BasicSequential<float>;

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/models/sequential-inl.hpp>
#endif
