// Model: graphs of layers, their parts as other models, weights that are shared or frozen, several inputs and outputs.

#include <nacre/layers/layers.hpp>
#include <nacre/models/network.hpp>
#include <nacre/optimizers/adam.hpp>
#include <nacre/saving/saving.hpp>

#include "models/model_testing.hpp"
#include "saving/saving_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

using Names = std::vector<std::string>;

namespace {

/// Two dense layers with a way around them.
template <class T = float>
BasicModel<T> residual() {
  const auto x = Input({4});
  const auto h = Dense(5, {.activation = relu, .name = "first"})(x);
  const auto r = Dense(5, {.name = "second"})(h);
  const auto y = Dense(3, {.activation = softmax, .name = "last"})(Add()({r, h}));
  BasicModel<T> model(x, y);
  model.set_seed(7);
  model.compile({.optimizer = Adam(0.05), .loss = SparseCategoricalCrossentropy(), .metrics = {"accuracy"}});
  return model;
}

/// Whether the gradients of all weights agree with differences of the loss.
void check_weight_gradients(BasicModel<double>& model, const Dataset& data) {
  const auto gradients = model.gradients(data, {.training = false});
  const auto loss = [&] { return model.evaluate(data)["loss"]; };
  for (const auto& place : gradients.places()) {
    CAPTURE(place.name);
    double* weight = model.weight(place.name).elements();
    for (std::int64_t i = 0; i < place.shape.size(); ++i) {
      CAPTURE(i);
      const double kept = weight[i];
      weight[i] = kept + 1e-5;
      const double above = loss();
      weight[i] = kept - 1e-5;
      const double below = loss();
      weight[i] = kept;
      CHECK(gradients[place.name].elements()[i] == Approx((above - below) / 2e-5).epsilon(1e-5).margin(1e-8));
    }
  }
}

}  // namespace

TEST_CASE("a graph is built, trained, saved and loaded") {
  Model model = residual();
  CHECK(model.built());
  CHECK(model.layer_names() == Names{"first", "second", "add", "last"});
  CHECK(model.input_shape() == Shape{4});
  CHECK(model.output_shape() == Shape{3});
  CHECK(model.count_params() == 4 * 5 + 5 + 5 * 5 + 5 + 5 * 3 + 3);
  const auto x = normal_array({60, 4});
  const auto y = class_numbers(60, 3);
  const History history = model.fit(x, y, {.epochs = 30, .batch_size = 16, .verbose = 0});
  CHECK(history["loss"].back() < history["loss"].front());

  const TemporaryFolder folder;
  save(model, folder / "model");
  Model again = load(folder / "model");
  CHECK(same_values(again.predict(x), model.predict(x)));
  CHECK(again.layer_names() == model.layer_names());
  model.fit(x, y, {.epochs = 2, .verbose = 0});
  again.fit(x, y, {.epochs = 2, .verbose = 0});
  CHECK(same_values(again.predict(x), model.predict(x)));
  CHECK_THROWS_WITH(Sequential(load(folder / "model")), ContainsSubstring("has branches; take it as a Model"));
}

TEST_CASE("gradients of a graph agree with differences") {
  auto model = residual<double>();
  check_weight_gradients(model, Dataset(normal_array<double>({6, 4}), class_numbers(6, 3)));
}

TEST_CASE("the summary says what is connected to what") {
  CHECK_THAT(residual().summary_text(), ContainsSubstring("Connected to"));
  CHECK_THAT(residual().summary_text(), ContainsSubstring("second[0], first[0]"));
}

TEST_CASE("a value of a layer called twice is two layers, a shared one is one") {
  const auto a = Input({3});
  const auto b = Input({3});
  const Dense dense(2);
  const Model apart(SymbolicTensors{a, b}, Add()({dense(a), dense(b)}));
  CHECK(apart.weight_names() == Names{"dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"});

  const auto tower = shared(Dense(2, {.name = "tower"}));
  BasicModel<double> siamese(SymbolicTensors{a, b}, Add()({tower(a), tower(b)}));
  CHECK(siamese.weight_names() == Names{"tower/kernel", "tower/bias"});
  siamese.compile({.loss = MeanSquaredError()});
  const Dataset data(Columns{normal_array<double>({5, 3}, 1), normal_array<double>({5, 3}, 2)},
                     Columns{normal_array<double>({5, 2}, 3)});
  check_weight_gradients(siamese, data);
}

TEST_CASE("models are layers of other models, with a copy of their weights") {
  Sequential base{Input({4}), Dense(5, {.activation = relu, .name = "features"}), Dense(2, {.name = "head"})};
  const auto x = Input({4});
  const auto y = Dense(3, {.name = "new_head"})(base(x));
  Model model(x, y);
  CHECK(model.layer_names() == Names{"sequential", "new_head"});
  CHECK(model.weight_names() == Names{"sequential/features/kernel", "sequential/features/bias",
                                      "sequential/head/kernel", "sequential/head/bias", "new_head/kernel",
                                      "new_head/bias"});
  CHECK(same_values<float>(model.weight("sequential/head/kernel"), base.weight("head/kernel")));
  base.weight("head/kernel") = xt::zeros<float>({5, 2});
  CHECK_FALSE(same_values<float>(model.weight("sequential/head/kernel"), base.weight("head/kernel")));

  Sequential outer{Input({4}), base.as_layer(), Dense(1)};
  CHECK(same_values<float>(outer.weight("sequential/head/kernel"), base.weight("head/kernel")));
  const TemporaryFolder folder;
  save(outer, folder / "model");
  const Sequential again = load(folder / "model");
  const auto samples = normal_array({3, 4});
  CHECK(same_values(again.predict(samples), outer.predict(samples)));
}

TEST_CASE("a model up to an inner layer begins with the other's weights") {
  Model base = residual();
  const auto x = normal_array({12, 4});
  base.fit(x, class_numbers(12, 3), {.epochs = 2, .verbose = 0});
  const Model features(base.inputs(), base.output_of("second"));
  CHECK(features.output_shape() == Shape{5});
  CHECK(same_values<float>(features.weight("second/kernel"), base.weight("second/kernel")));
  const Model both(base.inputs(), SymbolicTensors{base.output_of("second"), base.output_of("last")});
  const auto outputs = both.predict_all(Dataset(x));
  CHECK(same_values(outputs[0], features.predict(x)));
  CHECK(same_values(outputs[1], base.predict(x)));
  CHECK_THROWS_WITH(base.output_of("third"), ContainsSubstring("one of first, second, add, last, got \"third\""));
}

TEST_CASE("frozen layers keep their weights, frozen batch normalization its statistics") {
  Sequential model{Input({4}), Dense(5), BatchNormalization(), Dense(3, {.activation = softmax})};
  model.compile({.optimizer = Adam(0.1), .loss = SparseCategoricalCrossentropy()});
  const auto x = normal_array({32, 4});
  const auto y = class_numbers(32, 3);
  model.fit(x, y, {.epochs = 1, .verbose = 0});
  model.set_trainable("dense", false);
  model.set_trainable("batch_normalization", false);
  CHECK(model.count_params(true) == 5 * 3 + 3);
  std::vector<xt::xarray<float>> before;
  for (const std::string& name : model.weight_names()) before.emplace_back(model.weight(name));
  model.fit(x, y, {.epochs = 2, .verbose = 0});
  for (std::size_t i = 0; i < before.size(); ++i) {
    const std::string name = model.weight_names()[i];
    CAPTURE(name);
    CHECK(same_values<float>(model.weight(name), before[i]) == (name.rfind("dense_1", 0) != 0));
  }
  CHECK_THROWS_WITH(model.set_trainable("dens", false), ContainsSubstring("got \"dens\""));
}

TEST_CASE("several inputs and outputs go by name or by position") {
  const Input image({4}, {.name = "image"});
  const Input place({2}, {.name = "place"});
  const auto h = Concatenate()({Dense(6, {.activation = relu})(image), place});
  const auto digit = Dense(3, {.activation = softmax, .name = "digit"})(h);
  const auto size = Dense(1, {.name = "size"})(h);
  Model model(SymbolicTensors{image, place}, SymbolicTensors{digit, size});
  model.compile({.optimizer = Adam(0.01),
                 .outputs = {{.name = "digit", .loss = SparseCategoricalCrossentropy(), .metrics = {"accuracy"}},
                             {.name = "size", .loss = MeanSquaredError(), .loss_weight = 0.25}}});
  const auto images = normal_array({20, 4}, 1);
  const auto places = normal_array({20, 2}, 2);
  const auto digits = class_numbers(20, 3);
  const auto sizes = normal_array({20, 1}, 3);
  const Dataset named(Columns{{"place", places}, {"image", images}}, Columns{{"size", sizes}, {"digit", digits}});
  const Dataset ordered(Columns{images, places}, Columns{digits, sizes});
  const Evaluation by_name = model.evaluate(named);
  const Evaluation by_place = model.evaluate(ordered);
  CHECK(by_name["loss"] == by_place["loss"]);
  CHECK(by_name["loss"] == Approx(by_name["digit_loss"] + 0.25 * by_name["size_loss"]));
  CHECK(by_name.find("digit_accuracy") != nullptr);

  const History history = model.fit(named, {.epochs = 5, .verbose = 0, .validation_split = 0.25});
  CHECK(history["loss"].back() < history["loss"].front());
  CHECK(history["val_size_loss"].size() == 5);
  CHECK(model.predict_all(named)[1].shape() == std::vector<std::size_t>{20, 1});
  CHECK_THROWS_WITH(model.predict(named), ContainsSubstring("call predict_all"));
  CHECK_THROWS_WITH(model.evaluate(Dataset(Columns{{"picture", images}, {"place", places}}, Columns{digits, sizes})),
                    ContainsSubstring("features for image, place, got \"picture\""));
  CHECK_THROWS_WITH(model.evaluate(Dataset(images, digits)),
                    ContainsSubstring("expected 2 columns of features, got 1"));
}

TEST_CASE("a graph that does not hold together is refused by name") {
  const Input a({3}, {.name = "a"});
  const Input b({3}, {.name = "b"});
  const auto y = Add()({a, b});
  CHECK_THROWS_WITH(Model(a, y), ContainsSubstring("need the input \"b\" of shape (3,)"));
  CHECK_THROWS_AS(Model(SymbolicTensors{a, a}, y), ValueError);
  CHECK_THROWS_WITH(Dense(2, {.name = "wrong"})(Input(Shape{})), ContainsSubstring("\"wrong\" (Dense)"));
  const auto twice = Dense(3, {.name = "one"})(Dense(3, {.name = "one"})(a));
  CHECK_THROWS_WITH(Model(a, twice), ContainsSubstring("different names, got \"one\" twice"));
}

TEST_CASE("a chain needs no more memory than its outputs, two gradients and its buffers") {
  const Sequential model{Input({12, 12, 1}), Conv2D(8, 3), MaxPooling2D(), Flatten(), Dense(30, {.activation = relu}),
                         Dropout(0.5),       Dense(10)};
  const std::int64_t batch = 16;
  const BuiltGraph& built = *model.state().built_graph;
  std::int64_t outputs = batch * 144;
  std::int64_t largest = batch * 144;
  std::int64_t rest = 0;
  std::int64_t scratch = 0;
  TensorSpec spec = built.inputs[0];
  for (const PlannedLayer& planned : fuse(built)) {
    LayerBuilder builder(batch, true);
    spec = detail::outputs_of(planned.layer, {spec}, builder)[0];
    for (const std::int64_t size : builder.buffers()) rest += size + 16;
    std::int64_t own = 0;
    for (const std::int64_t size : builder.scratch()) own += size + 16;
    scratch = std::max(scratch, own);
    if (builder.shares_input()) continue;
    outputs += batch * spec.shape.size() + 16;
    largest = std::max(largest, batch * spec.shape.size() + 16);
  }
  Buffer<float> gradients(model.state().parameters.trainable().size());
  const auto network = make_network(model.state(), batch, {.training = true}, gradients.data());
  CHECK(static_cast<std::int64_t>(network->bytes() / sizeof(float)) <= outputs + 2 * largest + rest + scratch);
  const auto inference = make_network(model.state(), batch, {});
  CHECK(inference->bytes() < network->bytes());
}

TEST_CASE("a graph trains to the same bits on any number of threads") {
  const auto x = normal_array({64, 4});
  const auto y = class_numbers(64, 3);
  std::vector<xt::xarray<float>> weights;
  for (const int threads : {1, 2, 3}) {
    set_num_threads(threads);
    Model model = residual();
    model.fit(x, y, {.epochs = 3, .batch_size = 10, .verbose = 0});
    weights.emplace_back(model.weight("second/kernel"));
  }
  set_num_threads(0);
  CHECK(same_values(weights[0], weights[1]));
  CHECK(same_values(weights[0], weights[2]));
}
