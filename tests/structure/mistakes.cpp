// Programs' mistakes, one a function. mistakes_test.cmake compiles this file, which must fail: each line "both:",
// "g++:" or "clang:" is an error that the compiler must report once, and there must be no others.

#include <nacre/nacre.hpp>

using namespace nacre;

// ---- misspelt options: the error shows the line and names what took options

// g++: no matching function for call to 'nacre::Dense::Dense\(int, <brace-enclosed initializer list>\)
// clang: no matching constructor for initialization of 'nacre::Dense'
Dense misspelt_layer_option() { return Dense(10, {.activatoin = relu}); }

// g++: no matching function for call to 'nacre::Adam::Adam\(double, <brace-enclosed initializer list>\)
// clang: no matching constructor for initialization of 'nacre::Adam'
Adam misspelt_optimizer_option() { return Adam(1e-3, {.beta1 = 0.9}); }

// g++: cannot convert '<brace-enclosed initializer list>' to 'nacre::CompileOptions<float>
// clang: field designator 'optimiser' does not refer to any field in type 'CompileOptions<float>'
void misspelt_compile_option(Sequential& model) { model.compile({.optimiser = Adam(), .loss = MeanSquaredError()}); }

// g++: no matching function for call to 'nacre::BasicSequential<float>::fit\(.*<brace-enclosed initializer list>
// clang: no matching member function for call to 'fit'
void misspelt_fit_option(Sequential& model, const Dataset& data) { model.fit(data, {.epoch = 3}); }

// ---- with the options' type spelled out the error names the option

// g++: 'nacre::DenseOptions' has no non-static data member named 'activatoin'
// clang: field designator 'activatoin' does not refer to any field in type 'nacre::DenseOptions'
Dense misspelt_spelled_out() { return Dense(10, DenseOptions{.activatoin = relu}); }

// g++: 'nacre::FitOptions' has no non-static data member named 'epoch'
// clang: field designator 'epoch' does not refer to any field in type 'nacre::FitOptions'
void misspelt_fit_spelled_out(Sequential& model, const Dataset& data) { model.fit(data, FitOptions{.epoch = 3}); }

// ---- options out of order: g++ refuses, clang warns

// g++: designator order for field 'nacre::CompileOptions<float>::optimizer' does not match declaration order
void options_out_of_order(Sequential& model) { model.compile({.loss = MeanSquaredError(), .optimizer = Adam()}); }

// ---- classes of one's own that lack a part: one error, however much is missing

struct Nothing {
  int value = 0;
};

// both: a layer needs: static constexpr std::string_view type_name
void class_that_is_no_layer(Sequential& model) { model.add(Nothing()); }

struct Unfinished {
  static constexpr std::string_view type_name = "Unfinished";
  Shape build(const Shape& input, LayerBuilder&) const { return input; }
};

// both: a layer needs: template <class T> void forward\(const Forward<T>& step\) const;
Sequential layer_without_forward() { return Sequential{Input({4}), Unfinished()}; }

// both: a loss needs: static constexpr std::string_view type_name
void class_that_is_no_loss(Sequential& model) { model.compile({.optimizer = Adam(), .loss = Nothing()}); }

// both: a loss needs: template <class T> void evaluate\(const LossStep<T>& step\) const;
void optimizer_as_loss(Sequential& model) { model.compile({.optimizer = Adam(), .loss = Adam()}); }

// both: an optimizer needs: LearningRate learning_rate;
void loss_as_optimizer(Sequential& model) { model.compile({.optimizer = MeanSquaredError(), .loss = "mse"}); }

// both: a metric needs: void reset\(\);
void loss_of_batches_as_metric(Sequential& model) { model.compile({.loss = "mse", .metrics = {Dice()}}); }

// both: an initializer needs: static constexpr std::string_view type_name
Dense class_that_is_no_initializer() { return Dense(10, {.kernel_initializer = Nothing()}); }

struct FillsNothing {
  static constexpr std::string_view type_name = "FillsNothing";
};

// both: an initializer needs: void fill\(const Initialization& step\) const;
Conv2D initializer_without_fill() { return Conv2D(32, 3, {.kernel_initializer = FillsNothing()}); }

// ---- callbacks

// both: a callback is a function or lambda that takes a TrainingRun&, or a class with
void lambda_of_another_signature(Sequential& model, const Dataset& data) {
  model.fit(data, {.callbacks = {[](int, const Logs&) {}}});
}

struct TakesEpoch {
  void on_epoch_end(int) {}
};

// both: a callback is a function or lambda that takes a TrainingRun&, or a class with
void callback_of_another_signature(Sequential& model, const Dataset& data) {
  model.fit(data, {.callbacks = {TakesEpoch()}});
}

// ---- data

// both: samples come as an xtensor expression, as a std::vector, .*a vector of vectors is none of these
void vector_of_vectors(Sequential& model, std::vector<std::vector<float>>& x, std::vector<int>& y) { model.fit(x, y); }
