#include <nacre/models/gradients.hpp>

#include <cstdint>

#include <nacre/layers/batch_normalization.hpp>
#include <nacre/layers/conv2d.hpp>
#include <nacre/layers/dropout.hpp>
#include <nacre/layers/flatten.hpp>
#include <nacre/layers/max_pooling2d.hpp>
#include <nacre/models/sequential.hpp>
#include <nacre/optimizers/adam.hpp>

#include "models/model_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

template <class T = float>
BasicSequential<T> network() {
  BasicSequential<T> model{Input({4}), Dense(5, activations::tanh), Dropout(0.3), Dense(3, softmax)};
  model.set_seed(3);
  model.compile({.optimizer = Adam(0.01), .loss = SparseCategoricalCrossentropy()});
  return model;
}

}  // namespace

TEST_CASE("gradients of a loss agree with differences") {
  auto model = network<double>();
  auto x = normal_array<double>({6, 4});
  const auto y = class_numbers(6, 3);
  const auto gradients = model.gradients(x, y, {.training = false, .by_input = true});
  const auto loss = [&] { return model.evaluate(x, y)["loss"]; };
  CHECK(gradients.loss == Approx(loss()).epsilon(1e-12));
  CHECK(gradients.input.shape() == x.shape());
  const auto slope = [&](double& element) {
    const double kept = element;
    element = kept + 1e-5;
    const double above = loss();
    element = kept - 1e-5;
    const double below = loss();
    element = kept;
    return (above - below) / 2e-5;
  };
  for (const char* name : {"dense/kernel", "dense/bias", "dense_1/kernel"}) {
    const auto weight = model.weight(name);
    CAPTURE(name);
    for (const std::size_t i : {std::size_t{0}, weight.size() - 1}) {
      CHECK(gradients[name].elements()[i] == Approx(slope(weight.elements()[i])).epsilon(1e-6));
    }
  }
  for (const std::size_t i : {std::size_t{0}, std::size_t{11}, x.size() - 1}) {
    CHECK(gradients.input.data()[i] == Approx(slope(x.data()[i])).epsilon(1e-6));
  }
  CHECK_THROWS_WITH(gradients["dense/colour"], ContainsSubstring("dense_1/bias"));
}

TEST_CASE("gradients of layers computed in one are there without training, too") {
  const auto x = normal_array({3, 6, 6, 2});
  const auto gradients = [&](bool training) {
    Sequential model{Input({6, 6, 2}), Conv2D(5, 3, relu), MaxPooling2D(), Flatten(), Dense(3, softmax)};
    model.set_seed(3);
    model.compile({.optimizer = Adam(0.01), .loss = SparseCategoricalCrossentropy()});
    const auto found = model.gradients(x, class_numbers(3, 3), {.training = training});
    return std::vector<float>(found.values().begin(), found.values().end());
  };
  CHECK(gradients(false) == gradients(true));
}

TEST_CASE("a training loop of your own gives fit's bits") {
  const auto x = normal_array({24, 4});
  const auto y = class_numbers(24, 3);
  auto fitted = network();
  fitted.fit(x, y, {.epochs = 3, .batch_size = 8, .verbose = 0, .shuffle = false});

  auto model = network();
  const Dataset data = Dataset::view(x, y);
  for (int epoch = 0; epoch < 3; ++epoch) {
    for (std::int64_t first = 0; first < data.size(); first += 8) {
      const auto gradients = model.gradients(data.slice(first, first + 8));
      model.apply_gradients(gradients);
    }
  }
  for (const std::string& name : model.weight_names()) {
    CAPTURE(name);
    CHECK((xt::xarray<float>(model.weight(name)) == xt::xarray<float>(fitted.weight(name))));
  }
}

TEST_CASE("gradients leave a model as it was") {
  auto model = network();
  const auto x = normal_array({6, 4});
  const auto before = model.predict(x);
  model.gradients(x, class_numbers(6, 3));
  CHECK((model.predict(x) == before));
  auto other = network<double>();
  CHECK_THROWS_AS(model.apply_gradients(Gradients<float>({}, Buffer<float>(3))), ShapeError);
}
