// step_times: which layers are named, and that the model stays as it is.

#include "catch.hpp"

#include <nacre/models/step_times.hpp>
#include <nacre/nacre.hpp>
#include <nacre/synthetic/synthetic_digits.hpp>

using namespace nacre;

namespace {

Sequential compiled_model() {
  set_random_seed(3);
  Sequential model{Input({28, 28, 1}), Conv2D(4, 3, {.activation = relu}), MaxPooling2D(2), Flatten(),
                   Dropout(0.5),       Dense(10, {.activation = softmax})};
  model.compile({.optimizer = SGD(0.1), .loss = SparseCategoricalCrossentropy()});
  return model;
}

}  // namespace

TEST_CASE("step_times names every layer once, those computed in one together") {
  const Sequential model = compiled_model();
  const StepTimes times = step_times(model, datasets::synthetic_digits(40, 1), {.batch_size = 16, .repeats = 3});
  std::string names;
  for (const LayerTime& layer : times.layers) names += layer.name + ";";
  CHECK(names == "conv2d + max_pooling2d;flatten;dropout;dense;");
  CHECK(times.batch_size == 16);
  CHECK(times.layers[0].forward > 0);
  CHECK(times.layers[0].backward > 0);
  CHECK(times.layers[1].forward == 0);  // Flatten only looks at the same memory in another way
  CHECK(times.layers[3].backward > 0);
  CHECK(times.step > 0);
  CHECK(times.rest() >= 0);
}

TEST_CASE("step_times leaves the model as it is") {
  Sequential model = compiled_model();
  const auto data = datasets::synthetic_digits(64, 1);
  model.fit(data, {.verbose = 0});
  const xt::xarray<float> before = model.weight("dense/kernel");
  step_times(model, data, {.repeats = 2});
  CHECK((xt::xarray<float>(model.weight("dense/kernel")) == before));
}

TEST_CASE("step_times takes fewer samples than a batch, and refuses what it cannot time") {
  const auto data = datasets::synthetic_digits(5, 1);
  CHECK(step_times(compiled_model(), data, {.batch_size = 32, .repeats = 1}).batch_size == 5);
  CHECK_THROWS_AS(step_times(Sequential{Input({28, 28, 1}), Flatten(), Dense(10)}, data), StateError);
  CHECK_THROWS_AS(step_times(compiled_model(), data, {.repeats = 0}), ValueError);
  CHECK_THROWS_AS(step_times(compiled_model(), data.take(0)), ValueError);
}
