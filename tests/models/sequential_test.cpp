// Sequential: how it is put together, built, named and copied.

#include <nacre/layers/batch_normalization.hpp>
#include <nacre/layers/conv2d.hpp>
#include <nacre/layers/flatten.hpp>
#include <nacre/layers/input.hpp>
#include <nacre/layers/max_pooling2d.hpp>

#include "models/model_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

using Names = std::vector<std::string>;

TEST_CASE("layers without a name get Keras' one") {
  const Sequential model{Dense(3),       Dense(3, {.name = "middle"}), relu,        Dense(3),
                         MaxPooling2D(), BatchNormalization(),         Conv2D(1, 1)};
  CHECK(model.layer_names() ==
        Names{"dense", "middle", "activation", "dense_1", "max_pooling2d", "batch_normalization", "conv2d"});
  CHECK(model.layer("middle") == Layer(Dense(3, {.name = "middle"})));
  CHECK(model.name() == "sequential");
  CHECK_THROWS_WITH(model.layer("dens"),
                    "Sequential: expected a layer's name, one of dense, middle, activation, dense_1, max_pooling2d, "
                    "batch_normalization, conv2d, got \"dens\"");
}

TEST_CASE("no two layers have the same name") {
  CHECK_THROWS_WITH((Sequential{Dense(1, {.name = "a"}), Dense(2, {.name = "a"})}),
                    "Sequential: expected layers of different names, got \"a\" twice");
  // A given name that an automatic one would take makes the latter count on.
  const Sequential model{Dense(1, {.name = "dense"}), Dense(2)};
  CHECK(model.layer_names() == Names{"dense", "dense_1"});
}

TEST_CASE("Input builds a model at once, build does later") {
  const Sequential declared{Input({6}), Dense(3, {.activation = relu}), Dense(2)};
  CHECK(declared.built());
  CHECK(declared.input_shape() == Shape{6});
  CHECK(declared.output_shape() == Shape{2});
  CHECK(declared.layers().size() == 2);
  CHECK(declared.count_params() == 6 * 3 + 3 + 3 * 2 + 2);

  Sequential late{Dense(3, {.activation = relu}), Dense(2)};
  CHECK_FALSE(late.built());
  CHECK_THROWS_WITH(late.output_shape(),
                    "Sequential: output_shape: expected a model that is built; begin it with "
                    "Input(shape), or call build(shape) or fit");
  CHECK_THROWS_AS(late.input_shape(), StateError);
  CHECK_THROWS_AS(late.weight("dense/kernel"), StateError);
  late.build({6});
  CHECK(weights_of(late) == weights_of(declared));
  late.build({4});
  CHECK(late.count_params() == 4 * 3 + 3 + 3 * 2 + 2);
}

TEST_CASE("add puts a layer at the end") {
  Sequential model;
  model.add(Input({6}));
  CHECK(model.output_shape() == Shape{6});
  model.add(Dense(3, {.activation = relu}));
  CHECK(model.output_shape() == Shape{3});
  model.add(Dense(2));
  CHECK(weights_of(model) == weights_of(Sequential{Input({6}), Dense(3, {.activation = relu}), Dense(2)}));

  CHECK_THROWS_WITH(model.add(Input({6})), "Sequential: expected Input as the first layer only");
  CHECK_THROWS_AS((Sequential{Dense(2), Input({3})}), StateError);
  CHECK_THROWS_AS((Sequential{Input({3}), Input({3})}), StateError);
}

TEST_CASE("a model without layers is what comes in") {
  const Sequential model{Input({3})};
  const auto x = normal_array({2, 3});
  CHECK(same_values(model.predict(x), x));
}

TEST_CASE("weights are read and written by name") {
  Sequential model{Input({2}), Dense(2, {.name = "L1"}), BatchNormalization()};
  CHECK(model.weight_names() == Names{"L1/kernel", "L1/bias", "batch_normalization/gamma", "batch_normalization/beta",
                                      "batch_normalization/moving_mean", "batch_normalization/moving_variance"});
  CHECK(model.weight("L1/kernel").extents() == Shape{2, 2});
  CHECK(model.count_params() == 6 + 8);
  CHECK(model.count_params(true) == 6 + 4);
  model.weight("L1/kernel") = xt::xarray<float>{{1, 2}, {3, 4}};
  model.weight("L1/bias") = xt::xarray<float>{10, 20};
  model.weight("batch_normalization/moving_mean") = xt::xarray<float>{10, 20};
  const auto y = model.predict(xt::xarray<float>{{1, 1}});
  CHECK(y(0, 0) == Approx(4 / std::sqrt(1.001)));
  CHECK(y(0, 1) == Approx(6 / std::sqrt(1.001)));
  CHECK_THROWS_WITH(
      model.weight("L2/kernel"),
      "Sequential: expected a weight's name, one of L1/kernel, L1/bias, batch_normalization/gamma, "
      "batch_normalization/beta, batch_normalization/moving_mean, batch_normalization/moving_variance, got "
      "\"L2/kernel\"");
}

TEST_CASE("what layers throw names the layer") {
  CHECK_THROWS_WITH((Sequential{Input({28, 28}), Flatten(), Conv2D(4, 3)}),
                    "Sequential: layer 1 \"conv2d\" (Conv2D): expected rank 3 (height, width, channels), got (784,)");
  CHECK_THROWS_WITH(
      (Sequential{Input({2, 2, 1}), Conv2D(4, 3, {.name = "first"})}),
      "Sequential: layer 0 \"first\" (Conv2D): expected an input at least as large as the window (3, 3), got "
      "(2, 2, 1); use padding \"same\" or a smaller window");
  Sequential model{Input({3}), Dense(2)};
  CHECK_THROWS_WITH(model.build({4}), "Sequential: expected samples of shape (3,), as Input says, got (4,)");
}

TEST_CASE("the seed determines the first weights, and is set before they are drawn") {
  const auto first_weights = [](std::uint64_t seed) {
    Sequential model{Dense(3), Dense(2)};
    model.set_seed(seed);
    model.build({4});
    return weights_of(model);
  };
  CHECK(first_weights(1) == first_weights(1));
  CHECK(first_weights(1) != first_weights(2));

  set_random_seed(2);
  Sequential model{Input({4}), Dense(3), Dense(2)};
  set_random_seed(1);
  CHECK(model.seed() == 2);
  CHECK(weights_of(model) == first_weights(2));
  CHECK_NOTHROW(model.set_seed(2));

  // As long as the weights are as they were drawn, another seed draws others.
  model.set_seed(3);
  CHECK(weights_of(model) == first_weights(3));
  model.weight("dense/bias") = xt::ones<float>({3});
  CHECK_THROWS_AS(model.set_seed(4), StateError);
  CHECK(model.seed() == 3);
}

TEST_CASE("a copy shares nothing") {
  const auto x = normal_array({20, 4});
  const auto y = class_numbers(20, 3);
  Sequential model{Input({4}), Dense(5, {.activation = relu}), BatchNormalization(), Dense(3)};
  model.compile({.optimizer = SGD(0.1), .loss = SparseCategoricalCrossentropy({.from_logits = true})});
  const auto before = model.predict(x);
  Sequential copy = model;
  copy.fit(x, y, {.epochs = 2, .verbose = 0});
  CHECK(same_values(model.predict(x), before));
  CHECK_FALSE(same_values(copy.predict(x), before));

  // Both go on from the same state to the same bits.
  Sequential again = copy;
  copy.fit(x, y, {.epochs = 3, .verbose = 0, .initial_epoch = 2});
  again.fit(x, y, {.epochs = 3, .verbose = 0, .initial_epoch = 2});
  CHECK(weights_of(again) == weights_of(copy));

  model = copy;
  CHECK(same_values(model.predict(x), copy.predict(x)));
  const Sequential moved = std::move(copy);
  CHECK(same_values(moved.predict(x), model.predict(x)));
}
