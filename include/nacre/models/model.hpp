#pragma once
// Model: layers and weights that are trained, evaluated and asked for predictions.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/tensor.hpp>
#include <nacre/data/batches.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/layers/activation.hpp>
#include <nacre/layers/input.hpp>
#include <nacre/layers/symbolic_tensor.hpp>
#include <nacre/models/compile_options.hpp>
#include <nacre/models/gradients.hpp>
#include <nacre/models/history.hpp>
#include <nacre/models/model_run.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

template <class T>
struct ModelState;
struct ReplayedGraph;

namespace detail {

/// Whether `x`, with `y` behind it, is neither data that has a call of its own nor followed by options alone.
template <class X, class Options, class Y = void>
inline constexpr bool is_plain_data = !std::is_same_v<std::decay_t<X>, Dataset> && !std::is_convertible_v<X, Batches> &&
                                      !std::is_same_v<std::decay_t<Y>, Options>;

}  // namespace detail

template <class T>
class Stepper;

/// A model: a graph of layers with one set of weights. `Model` is the one that computes in float, `BasicModel<double>`
/// computes in double. It owns all weights, and copies by value.
///
/// ```cpp
/// auto x = Input({28, 28, 1});
/// auto h = Conv2D(32, 3, {.activation = relu})(x);
/// auto y = Dense(10, {.activation = softmax})(GlobalAveragePooling2D()(h));
/// Model model(x, y);
/// ```
///
/// Its seed (`set_random_seed` before it is made, or `set_seed`) determines the first weights, the order of samples and
/// what dropout drops: the same seed gives the same bits on any number of threads.
///
/// What fails leaves the model as it was. Every call throws StateError for a model that was moved from. Calls that
/// change its layers or how it is trained, and training itself, throw StateError from a callback of its own training.
template <class T>
class BasicModel {
 public:
  using IsModel = void;

  BasicModel(const BasicModel& other);
  BasicModel(BasicModel&& other) noexcept;
  BasicModel& operator=(const BasicModel& other);
  BasicModel& operator=(BasicModel&& other);
  ~BasicModel();

  /// The layers between `inputs` and `outputs`: Keras' functional API. Layers that were taken from another model
  /// (`inputs`, `output_of`) come with the weights that they have there. Throws ValueError where an output needs an
  /// input that is not named, or where two layers have one name.
  BasicModel(const SymbolicTensors& inputs, const SymbolicTensors& outputs, std::string name = "functional");
  BasicModel(const SymbolicTensor& input, const SymbolicTensor& output, std::string name = "functional")
      : BasicModel(SymbolicTensors{input}, SymbolicTensors{output}, std::move(name)) {}
  BasicModel(const SymbolicTensors& inputs, const SymbolicTensor& output, std::string name = "functional")
      : BasicModel(inputs, SymbolicTensors{output}, std::move(name)) {}
  BasicModel(const SymbolicTensor& input, const SymbolicTensors& outputs, std::string name = "functional")
      : BasicModel(SymbolicTensors{input}, outputs, std::move(name)) {}

  /// The model with that state, for what makes models otherwise.
  explicit BasicModel(ModelState<T> state);

  /// Builds the model for samples of that shape, the batch not counted, and draws its first weights; again, if it had
  /// been built. Throws ShapeError, naming the layer, where the layers do not fit together.
  void build(const Shape& input_shape);
  bool built() const;

  /// Sets the seed. A built model that has not been trained draws its weights again. Throws StateError once it has been
  /// trained or its weights were written to or loaded.
  void set_seed(std::uint64_t seed);
  std::uint64_t seed() const;

  const std::string& name() const;
  /// Shape of a sample, of the input of that number. Throws StateError before the model is built.
  const Shape& input_shape(std::size_t input = 0) const;
  /// Shape of a sample's output, of the output of that number. Throws StateError before the model is built.
  const Shape& output_shape(std::size_t output = 0) const;

  // ---- layers and weights -------------------------------------------------------------------------------------------

  /// In an order in which each comes behind those that it needs.
  List<Layer> layers() const;
  std::vector<std::string> layer_names() const;

  /// The layer of that name. Throws ValueError, with the names there are, where there is none.
  const Layer& layer(std::string_view layer_name) const;

  /// Whether training changes the weights of the layer of that name, or of all layers. Frozen layers keep their
  /// weights, and a frozen BatchNormalization its moving statistics, which it then uses in training, too. What the
  /// optimizer had gathered is lost. Throws ValueError for a name that is not known.
  void set_trainable(std::string_view layer_name, bool trainable);
  void set_trainable(bool trainable);

  // ---- parts of other models ----------------------------------------------------------------------------------------

  /// The model's inputs and outputs, and what the layer of that name puts out, to build other models on:
  /// `Model features(base.inputs(), base.output_of("dense_1"))`. Such a model begins with the weights that this one has
  /// when it is made, and has them for itself. Throws StateError before the model is built.
  SymbolicTensors inputs() const;
  SymbolicTensors outputs() const;
  SymbolicTensor output_of(std::string_view layer_name) const;

  /// The model as a layer of another, with a copy of its weights; `base(x)` calls it.
  Layer as_layer() const;
  SymbolicTensor operator()(const SymbolicTensor& input) const { return as_layer()(input); }
  SymbolicTensor operator()(const SymbolicTensors& inputs) const { return as_layer()(inputs); }

  /// What layers keep from batch to batch (`stateful`) is zero again, and the next batch may have another size. From a
  /// callback, too: at the beginning of an epoch, say. Until then, sample i of a batch goes on where sample i of the
  /// batch before it ended, in fit, evaluate and predict alike: all batches have equally many samples, of which fit,
  /// evaluate and predict throw ValueError for others. Predictions and evaluations of one such model come one after
  /// another, although they are called at once. Copies have their own states; files have none.
  void reset_states();

  /// Names of all weights: "dense/kernel", "block/conv2d/kernel" of a layer within another.
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

  /// The same with batches that a generator makes (`Batches`). Throws what the generator throws, too.
  History fit(const Batches& data, FitOptions options = {});

  /// The same with x (samples, ...) and y (samples, ...) as xtensor, std::vector, std::span, arrays or `samples(memory,
  /// shape)`, which are not copied.
  template <class X, class Y>
  requires(detail::is_plain_data<X, FitOptions, Y>) History fit(X&& x, Y&& y, FitOptions options = {}) {
    return fit(Dataset::view(std::forward<X>(x), std::forward<Y>(y)), std::move(options));
  }

  /// Loss and metrics of a data set. Throws as `fit` does.
  Evaluation evaluate(const Dataset& data, EvaluateOptions options = {}) const;
  Evaluation evaluate(const Batches& data, EvaluateOptions options = {}) const;
  template <class X, class Y>
  requires(detail::is_plain_data<X, EvaluateOptions, Y>) Evaluation evaluate(X&& x, Y&& y, EvaluateOptions options = {})
  const { return evaluate(Dataset::view(std::forward<X>(x), std::forward<Y>(y)), std::move(options)); }

  /// One training step on one batch; returns its loss and metrics.
  Logs train_on_batch(const Dataset& batch, TrainOnBatchOptions options = {});
  template <class X, class Y>
  requires(detail::is_plain_data<X, TrainOnBatchOptions, Y>) Logs
      train_on_batch(X&& x, Y&& y, TrainOnBatchOptions options = {}) {
    return train_on_batch(Dataset::view(std::forward<X>(x), std::forward<Y>(y)), std::move(options));
  }

  /// Loss and metrics of one batch.
  Logs test_on_batch(const Dataset& batch, TestOnBatchOptions options = {}) const;
  template <class X, class Y>
  requires(detail::is_plain_data<X, TestOnBatchOptions, Y>) Logs
      test_on_batch(X&& x, Y&& y, TestOnBatchOptions options = {})
  const { return test_on_batch(Dataset::view(std::forward<X>(x), std::forward<Y>(y)), std::move(options)); }

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
  requires(detail::is_plain_data<X, PredictOptions>) xt::xarray<T> predict(X&& x, PredictOptions options = {})
  const { return predict(Dataset::view(std::forward<X>(x)), options); }
  xt::xarray<T> predict(const Dataset& data, PredictOptions options = {}) const;
  /// For the batches of a generator, one behind another.
  xt::xarray<T> predict(const Batches& data, PredictOptions options = {}) const;

  /// The same for all samples at once, in one batch of that size.
  xt::xarray<T> predict_on_batch(const Dataset& batch) const;
  template <class X>
  requires(!std::is_same_v<std::decay_t<X>, Dataset>) xt::xarray<T> predict_on_batch(X&& x)
  const { return predict_on_batch(Dataset::view(std::forward<X>(x))); }

  /// The same of a model with several outputs: one array for each, in their order. `predict` throws StateError there.
  std::vector<xt::xarray<T>> predict_all(const Dataset& data, PredictOptions options = {}) const;
  std::vector<xt::xarray<T>> predict_all(const Batches& data, PredictOptions options = {}) const;

  /// The model one time step at a time: see Stepper, in models/stepper.hpp, which defines it. Throws ValueError for
  /// layers that look ahead.
  template <class = void>
  Stepper<T> stepper() const;

  /// Everything the model consists of: for saving, reports and tools.
  const ModelState<T>& state() const;
  ModelState<T>& state();

 protected:
  BasicModel();

  /// The state, where it may be changed; `call` is named in the error where it may not.
  ModelState<T>& changeable(const char* call);

 private:
  void predict_into(const Dataset& data, PredictOptions options, xt::xarray<T>* results) const;
  ModelState<T>& ready_to_train(const char* call, const Shape& sample);
  const ModelState<T>& need_built(const char* call) const;
  const ReplayedGraph& symbols(const char* call) const;

  std::shared_ptr<ModelState<T>> state_;  // shared with a training that is going on, and nullptr once moved from
};

/// A model in float: `Model model(x, y)`.
using Model = BasicModel<float>;

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/models/model-inl.hpp>
#endif
