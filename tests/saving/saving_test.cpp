#include <nacre/nacre.hpp>
#include <nacre/saving/json.hpp>
#include <nacre/saving/safetensors.hpp>
#include <nacre/saving/saving.hpp>

#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "catch.hpp"
#include "saving_testing.hpp"

#include <nacre/callbacks/lambda_callback.hpp>

using namespace nacre;

namespace {

/// A layer of a user's own.
struct Scale {
  static constexpr std::string_view type_name = "Scale";
  double factor = 2.0;
  void fields(Fields& list) { list("factor", factor); }

  Shape build(const Shape& input, LayerBuilder&) const { return input; }
  template <class T>
  void forward(const Forward<T>& step) const {
    step.output = T(factor) * step.input;
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    step.input_gradient = T(factor) * step.output_gradient;
  }
};

/// One that nobody registers.
struct Unheard : Scale {
  static constexpr std::string_view type_name = "Unheard";
};

/// A loss that nobody registers.
struct UnheardLoss {
  static constexpr std::string_view type_name = "UnheardLoss";
  template <class T>
  void evaluate(const LossStep<T>& step) const {
    MeanSquaredError().evaluate(step);
  }
};

/// Every kind of layer, some of them twice so that they are numbered.
template <class T>
BasicSequential<T> every_layer() {
  return BasicSequential<T>{
      Input({9, 9, 2}),
      Rescaling(0.5, 0.1),
      Conv2D(4, 3, {.padding = Padding::same, .activation = relu, .kernel_initializer = HeNormal()}),
      BatchNormalization(),
      MaxPooling2D(2),
      Conv2D(4, Size2D(2, 3), {.dilation_rate = 1, .groups = 2, .use_bias = false, .name = "grouped"}),
      BatchNormalization({.scale = false}),
      ReLU({.max_value = 6.0, .negative_slope = 0.125}),
      AveragePooling2D(2, {.strides = 1}),
      Dense(5, {.activation = "tanh"}),
      Reshape({2, -1, 5}),
      Activation("sigmoid"),
      Flatten(),
      Dropout(0.25),
      Dense(6),
      Reshape({1, 2, 3}),
      GlobalAveragePooling2D({.keepdims = true}),
      GlobalMaxPooling2D(),
      Dense(3),
      Softmax(),
  };
}

template <class T>
CompileOptions<T> learning() {
  return {.optimizer = Adam(1.0 / 300), .loss = CategoricalCrossentropy({.label_smoothing = 0.1})};
}

template <class T>
std::vector<xt::xarray<T>> all_weights(const BasicModel<T>& model) {
  std::vector<xt::xarray<T>> weights;
  for (const std::string& name : model.weight_names()) weights.push_back(model.weight(name));
  return weights;
}

template <class T>
void require_same_weights(const BasicModel<T>& a, const BasicModel<T>& b) {
  REQUIRE(a.weight_names() == b.weight_names());
  for (const std::string& name : a.weight_names()) {
    CAPTURE(name);
    const bool same = same_bits(xt::xarray<T>(a.weight(name)), xt::xarray<T>(b.weight(name)));
    REQUIRE(same);
  }
}

/// What is said about the file, without its name in front.
template <class E>
std::string complaint(const std::filesystem::path& path) {
  try {
    load(path);
  } catch (const E& error) {
    const std::string message = error.what();
    REQUIRE_THAT(message, StartsWith(path.string() + ": "));
    return message.substr(path.string().size() + 2);
  }
  return "";
}

}  // namespace

TEMPLATE_TEST_CASE("a model of every kind of layer comes back with the same bits", "", float, double) {
  const TemporaryFolder folder;
  auto model = every_layer<TestType>();
  model.compile(learning<TestType>());
  const auto x = random_numbers<TestType>({40, 9, 9, 2});
  const auto y = one_hot_rows<TestType>(40, 3);
  model.fit(x, y, {.epochs = 2, .verbose = 0});
  save(model, folder / "model");
  const auto again = load<TestType>(folder / "model");

  REQUIRE(again.name() == model.name());
  REQUIRE(again.seed() == model.seed());
  REQUIRE(again.layer_names() == model.layer_names());
  REQUIRE(again.layers() == model.layers());
  REQUIRE(again.input_shape() == model.input_shape());
  REQUIRE(again.summary_text() == model.summary_text());
  require_same_weights(model, again);
  REQUIRE(same_bits(model.predict(x), again.predict(x)));
  REQUIRE(model.evaluate(x, y)["loss"] == again.evaluate(x, y)["loss"]);
}

TEST_CASE("load needs no word about the scalar type") {
  const TemporaryFolder folder;
  const Sequential saved{Input({3}), Dense(2)};
  save(saved, folder / "model");
  Sequential model = load(folder / "model");
  static_assert(std::is_same_v<decltype(model), Sequential>);
  BasicSequential<double> of_double = load<double>(folder / "model");
  static_assert(std::is_same_v<decltype(of_double), BasicSequential<double>>);
  const auto x = random_numbers<double>({4, 3});
  REQUIRE(xt::allclose(model.predict(xt::xarray<float>(xt::cast<float>(x))), of_double.predict(x), 1e-5));
}

TEST_CASE("compile settings come back") {
  const TemporaryFolder folder;
  Sequential model{Input({4}), Dense(3, {.activation = softmax})};
  model.compile({.optimizer = SGD(0.1, {.momentum = 0.9, .nesterov = true, .clipnorm = 1.0}),
                 .loss = CategoricalCrossentropy(),
                 .metrics = {Accuracy(), Precision({.top_k = 2, .name = "two"})},
                 .weighted_metrics = {Recall({.thresholds = 0.25})}});
  model.state().updater->optimizer().set_learning_rate(0.0625);  // as a schedule does
  save(model, folder / "model");
  const Sequential again = load(folder / "model");
  REQUIRE(again.compiled());
  const CompileOptions<float>& now = *again.state().compiled;
  const CompileOptions<float>& before = *model.state().compiled;
  REQUIRE(now.optimizer == AnyOptimizer<float>(SGD(0.0625, {.momentum = 0.9, .nesterov = true, .clipnorm = 1.0})));
  REQUIRE(now.loss == before.loss);
  REQUIRE(now.metrics == before.metrics);
  REQUIRE(now.weighted_metrics == before.weighted_metrics);
}

TEST_CASE("models that are not compiled, not built or without layers come back") {
  const TemporaryFolder folder;
  SECTION("not compiled") {
    save(Sequential{Input({3}), Dense(2)}, folder / "model");
    REQUIRE_FALSE(load(folder / "model").compiled());
  }
  SECTION("not built") {
    Sequential model{Dense(2), Dense(2)};
    model.compile({.optimizer = SGD(), .loss = MeanSquaredError()});
    save(model, folder / "model");
    Sequential again = load(folder / "model");
    REQUIRE_FALSE(again.built());
    REQUIRE(again.compiled());
    again.build({3});
    model.build({3});
    require_same_weights(model, again);
  }
  SECTION("without layers") {
    save(Sequential(), folder / "model");
    REQUIRE(load(folder / "model").layers().empty());
  }
}

TEST_CASE("a seed of all bits and a name of any letters come back") {
  const TemporaryFolder folder;
  Sequential model({Dense(2, {.name = "d\u00e9j\u00e0 \"vu\""})}, "my model");
  model.set_seed(0xFEDCBA9876543210);
  model.build({2});
  save(model, folder / "model");
  const Sequential again = load(folder / "model");
  REQUIRE(again.seed() == 0xFEDCBA9876543210);
  REQUIRE(again.name() == "my model");
  REQUIRE(again.layer_names() == model.layer_names());
}

TEST_CASE("a loaded model can be added to") {
  const TemporaryFolder folder;
  save(Sequential{Input({3}), Dense(2)}, folder / "model");
  Sequential model = load(folder / "model");
  model.add(Dense(4));
  REQUIRE(model.layer_names() == std::vector<std::string>{"dense", "dense_1"});
  REQUIRE(model.output_shape() == Shape{4});
}

TEST_CASE("a training that is resumed goes on with the same bits") {
  const TemporaryFolder folder;
  const auto x = random_numbers<float>({50, 6, 6, 1});
  const auto y = one_hot_rows<float>(50, 3);
  const std::vector<AnyOptimizer<float>> optimizers{
      Adam(0.01, {.amsgrad = true}),
      AdamW(0.01),
      RMSprop(0.01, {.momentum = 0.5, .centered = true}),
      SGD(0.05, {.momentum = 0.9, .nesterov = true}),
      SGD(0.05),
      Adam(0.01, {.global_clipnorm = 0.1}),
      Adam(0.01, {.use_ema = true, .gradient_accumulation_steps = 3}),
      Adam(CosineDecay(0.01, 20, {.warmup_target = 0.02, .warmup_steps = 9})),
      AdamW({.exclude_from_weight_decay = {"bias", "gamma"}}),
      Adagrad(0.05),
      Adamax(0.01),
      Nadam(0.01),
      Lamb(0.01),
      Muon(0.01),
      Muon(0.01, {.exclude_layers = {"dense_1"}}),
      Ftrl(0.05),
      Lion(0.01),
      Adadelta(0.1),
      ScheduleFreeAdamW(0.01, {.warmup_steps = 9}),
      Adafactor(0.05, {.use_ema = true})};
  for (const AnyOptimizer<float>& optimizer : optimizers) {
    CAPTURE(optimizer.to_string());
    Sequential model{Conv2D(3, 3, {.activation = relu}), BatchNormalization(), Dropout(0.3), Flatten(), Dropout(0.5),
                     Dense(3, {.activation = softmax})};
    model.compile({.optimizer = optimizer, .loss = CategoricalCrossentropy(), .metrics = {Accuracy()}});
    // A schedule of a kind: what it has set must be there after a resumption, too.
    const AnyCallback halve = LambdaCallback({.on_epoch_end = [](TrainingRun& run) {
      if (run.epoch == 1) run.set_learning_rate(run.learning_rate() / 2);
    }});
    std::vector<AnyCallback> callbacks;
    if (!optimizer.learning_rate().is_schedule()) callbacks.push_back(halve);
    model.fit(x, y, {.epochs = 2, .batch_size = 8, .verbose = 0, .callbacks = callbacks});
    save(model, folder / "model");
    const History whole = model.fit(x, y, {.epochs = 4, .batch_size = 8, .verbose = 0, .initial_epoch = 2});

    Sequential resumed = load(folder / "model");
    const History rest = resumed.fit(x, y, {.epochs = 4, .batch_size = 8, .verbose = 0, .initial_epoch = 2});
    require_same_weights(model, resumed);
    REQUIRE(rest["loss"] == whole["loss"]);
    REQUIRE(rest["accuracy"] == whole["accuracy"]);
    REQUIRE(rest.epoch() == std::vector<std::int64_t>{2, 3});
    save(model, folder / "whole");
    save(resumed, folder / "resumed");
    REQUIRE(read_file(folder / "whole") == read_file(folder / "resumed"));
  }
}

TEST_CASE("what the optimizer has gathered may be left out") {
  const TemporaryFolder folder;
  Sequential model{Input({4}), Dense(3)};
  model.compile({.optimizer = Adam(), .loss = MeanSquaredError()});
  const auto x = random_numbers<float>({8, 4});
  const auto y = random_numbers<float>({8, 3});
  model.fit(x, y, {.verbose = 0});
  save(model, folder / "model", {.include_optimizer = false});
  REQUIRE(SafetensorsReader(folder / "model").tensors().size() == 2);
  const Sequential again = load(folder / "model");
  require_same_weights(model, again);
  REQUIRE(again.state().updater->step() == 0);
  REQUIRE(again.state().compiled->optimizer == model.state().compiled->optimizer);
}

TEST_CASE("a model remembers whether it began with Input") {
  const TemporaryFolder folder;
  save(Sequential{Input({4}), Dense(3)}, folder / "declared");
  Sequential declared = load(folder / "declared");
  REQUIRE_THROWS_AS(declared.build({5}), ShapeError);
  Sequential model{Dense(3)};
  model.build({4});
  save(model, folder / "free");
  Sequential loaded = load(folder / "free");
  loaded.build({5});
  REQUIRE(loaded.input_shape() == Shape{5});
}

TEST_CASE("a layer of your own is loaded once it is registered") {
  register_layer<Scale>();
  const TemporaryFolder folder;
  const Sequential model{Input({3}), Scale{0.1}, Dense(2), Scale{}};
  save(model, folder / "model");
  const Sequential again = load(folder / "model");
  REQUIRE(again.layers() == model.layers());
  REQUIRE(again.layer("scale").get_if<Scale>()->factor == 0.1);
  const auto x = random_numbers<float>({4, 3});
  REQUIRE(same_bits(model.predict(x), again.predict(x)));
}

TEST_CASE("a class that is not registered is named with the call that is missing") {
  const TemporaryFolder folder;
  Sequential model{Input({3}), Dense(2), Unheard{}};
  save(model, folder / "model");
  REQUIRE(complaint<ValueError>(folder / "model") ==
          "layer 1 \"unheard\": expected a class that is registered, found \"Unheard\"; if it is your own, call "
          "register_layer<Unheard>() before load");
  Sequential other{Input({3}), Dense(2)};
  other.compile({.optimizer = SGD(), .loss = UnheardLoss()});
  save(other, folder / "model");
  REQUIRE_THAT(complaint<ValueError>(folder / "model"), EndsWith("call register_loss<UnheardLoss>() before load"));
}

TEST_CASE("weights alone are saved and loaded by name") {
  const TemporaryFolder folder;
  auto model = every_layer<float>();
  const auto x = random_numbers<float>({6, 9, 9, 2});
  const auto before = model.predict(x);
  save_weights(model, folder / "weights");

  set_random_seed(7);
  auto other = every_layer<float>();
  set_random_seed(1);
  REQUIRE_FALSE(same_bits(other.predict(x), before));
  load_weights(other, folder / "weights");
  require_same_weights(model, other);
  REQUIRE(same_bits(other.predict(x), before));

  SECTION("also from a whole model, whatever its optimizer") {
    model.compile(learning<float>());
    save(model, folder / "model");
    auto third = every_layer<float>();
    third.weight("dense/bias") = xt::ones<float>({5});
    load_weights(third, folder / "model");
    require_same_weights(model, third);
  }
  SECTION("but not into a model that is not built") {
    Sequential unbuilt{Dense(2)};
    REQUIRE_THROWS_AS(load_weights(unbuilt, folder / "weights"), StateError);
    REQUIRE_THROWS_AS(save_weights(unbuilt, folder / "weights"), StateError);
  }
  SECTION("and load says what they lack") {
    REQUIRE_THAT(complaint<FormatError>(folder / "weights"), StartsWith("expected a model that nacre saved"));
  }
}

TEST_CASE("weights that do not fit are refused, and none is changed") {
  const TemporaryFolder folder;
  Sequential model{Input({3}), Dense(4), Dense(2)};
  const auto before = all_weights(model);
  const auto refused = [&](const Sequential& saved, const std::string& reason) {
    save_weights(saved, folder / "weights");
    REQUIRE_THROWS_AS(load_weights(model, folder / "weights"), FormatError);
    REQUIRE_THROWS_WITH(load_weights(model, folder / "weights"), ContainsSubstring(reason));
    const auto after = all_weights(model);
    for (std::size_t i = 0; i < before.size(); ++i) REQUIRE(same_bits(before[i], after[i]));
  };
  refused({Input({3}), Dense(4)}, "expected tensor \"dense_1/kernel\" of shape (4, 2), found none of that name");
  refused({Input({3}), Dense(4), Dense(3)}, "tensor \"dense_1/kernel\": expected shape (4, 2), found (4, 3)");
  refused({Input({3}), Dense(4), Dense(2), Dense(1)},
          "found tensor \"dense_2/bias\" of shape (1,), which no layer has");
}

TEST_CASE("a model that cannot be saved leaves the old file as it is") {
  const TemporaryFolder folder;
  const Sequential model{Input({3}), Dense(2)};
  save(model, folder / "model");
  const std::string old = read_file(folder / "model");
  REQUIRE_THROWS_AS(save(model, folder / "missing/model"), FileError);
  REQUIRE_THROWS_AS(save(Sequential({Dense(2)}, "\xff"), folder / "model"), ValueError);
  REQUIRE(read_file(folder / "model") == old);
  REQUIRE(folder.size() == 1);
}
