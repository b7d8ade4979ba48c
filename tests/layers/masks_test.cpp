// Masks: which layers make one, pass it on, read it or stop it, and what becomes of it on the way.

#include <cmath>
#include <cstdint>
#include <vector>

#include <nacre/layers/layers.hpp>
#include <nacre/models/model_state.hpp>
#include <nacre/models/network.hpp>
#include <nacre/models/sequential.hpp>

#include "layer_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

using Bytes = std::vector<std::uint8_t>;
using Steps = xt::xtensor<double, 3>;  // of lists of one number an xarray makes something else

namespace {

/// Two sequences of three steps with two features; step 1 of the first and steps 0 and 2 of the second are zeros.
const xt::xarray<float> sequences{{{1, 2}, {0, 0}, {0, 3}}, {{0, 0}, {4, 0}, {0, 0}}};

/// The mask of a model's output for these samples; empty where it has none.
Bytes mask_of(const Model& model, const xt::xarray<float>& x) {
  const auto network = make_network(model.state(), 3, {});  // memory for more samples than there are
  network->set_batch(static_cast<std::int64_t>(x.shape()[0]));
  std::copy(x.begin(), x.end(), network->input());
  network->forward(false, 1, 0, *thread_pool());
  const Mask mask = network->output_mask();
  if (!mask) return {};
  return Bytes(mask.values, mask.values + network->output().extents().size() / mask.inner);
}

/// The mask that a layer gives its output behind a Masking.
Bytes mask_behind(const Layer& layer) {
  const auto x = Input({3, 2});
  return mask_of(Model(x, layer(Masking()(x))), sequences);
}

const Bytes mask_of_sequences{1, 0, 1, 0, 1, 0};

}  // namespace

TEST_CASE("Masking masks steps of which all features are the value, and clears them") {
  LayerHarness<float> harness(Masking({.mask_value = 5}), {3, 2}, 2);
  const xt::xarray<float> x{{{5, 5}, {5, 1}, {0, 0}}, {{2, 3}, {5, 5}, {1, 5}}};
  CHECK(same_values<float>(harness.forward(view_of(x)), {{{0, 0}, {5, 1}, {0, 0}}, {{2, 3}, {0, 0}, {1, 5}}}));
  CHECK(harness.output_mask() == Bytes{0, 1, 1, 1, 0, 1});
  const xt::xarray<float> gradient{{{1, 2}, {3, 4}, {5, 6}}, {{7, 8}, {9, 1}, {2, 3}}};
  CHECK(same_values<float>(harness.backward(view_of(gradient)), {{{0, 0}, {3, 4}, {5, 6}}, {{7, 8}, {0, 0}, {2, 3}}}));
  CHECK_THROWS_WITH(build(Masking(), {}), ContainsSubstring("expected at least rank 1"));
}

TEST_CASE("layers that work on each step alone pass a mask on") {
  const std::vector<Layer> layers{relu,
                                  Activation("softmax"),
                                  ActivityRegularization(),
                                  BatchNormalization(),
                                  Dense(4, relu),
                                  Dropout(0.5),
                                  ELU(),
                                  Identity(),
                                  LeakyReLU(),
                                  ReLU(),
                                  Rescaling(2),
                                  Softmax(),
                                  Residual({Dense(2)}),
                                  TimeDistributed(Dense(3)),
                                  TimeDistributed(LogSoftmax())};
  for (const Layer& layer : layers) {
    INFO(layer.to_string());
    CHECK(mask_behind(layer) == mask_of_sequences);
  }
}

TEST_CASE("all other layers stop it") {
  const std::vector<Layer> layers{Flatten(),
                                  Reshape({6}),
                                  Permute({2, 1}),
                                  Reduction("sum", {.axis = 1}),
                                  LogSoftmax(),
                                  UnaryFunction(kernels::Unary::exp),
                                  Take({0}, {.axis = 1})};
  for (const Layer& layer : layers) {
    INFO(layer.to_string());
    CHECK(mask_behind(layer).empty());
  }
}

TEST_CASE("a mask goes through models within models, and ends where a model begins") {
  const Sequential inner{Input({3, 2}), Dense(4, relu), Dense(2)};
  CHECK(mask_behind(inner.as_layer()) == mask_of_sequences);
  const Sequential masks{Input({3, 2}), Masking()};
  const auto x = Input({3, 2});
  CHECK(mask_of(Model(x, Dense(1)(masks(x))), sequences) == mask_of_sequences);
  const auto masked = Masking()(x);
  CHECK(mask_of(Model(masked, Dense(1)(masked)), sequences).empty());
}

TEST_CASE("a shared layer has a mask where its input has one") {
  const auto x = Input({3, 2});
  const auto tower = shared(Dense(2));
  CHECK(mask_of(Model(x, tower(Masking()(x))), sequences) == mask_of_sequences);
  const auto masked = tower(Masking()(x));
  CHECK(mask_of(Model(x, SymbolicTensors{tower(x), masked}), sequences).empty());
}

TEST_CASE("merging layers count a step that counts in any input") {
  const auto x = Input({3, 2});
  const auto zeros = Masking()(x);
  const auto fours = Masking({.mask_value = 4})(Dense(1, {.use_bias = false, .kernel_initializer = Ones()})(x));
  const auto wide = Masking({.mask_value = 9})(x);
  const auto merged = [&](const SymbolicTensor& y) { return mask_of(Model(x, y), sequences); };
  // The sums of the features are 3, 0, 3 and 0, 4, 0.
  CHECK(merged(Multiply()({zeros, fours})) == Bytes{1, 1, 1, 1, 1, 1});
  CHECK(merged(Maximum()({fours, zeros})) == Bytes{1, 1, 1, 1, 1, 1});
  CHECK(merged(Average()({zeros, zeros})) == mask_of_sequences);
  CHECK(merged(zeros - zeros) == mask_of_sequences);
  CHECK(merged(Add()({zeros, x})).empty());
  CHECK(merged(Concatenate()({zeros, fours})) == Bytes{1, 1, 1, 1, 1, 1});
  CHECK(merged(Concatenate()({zeros, zeros})) == mask_of_sequences);
  CHECK(merged(Concatenate()({x, zeros})) == Bytes{1, 1, 1, 1, 1, 1});
  CHECK(merged(Concatenate({.axis = 1})({zeros, x})) == Bytes{1, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 1});
  CHECK(merged(Dot(2)({zeros, wide})).empty());
}

TEST_CASE("masks of inputs that broadcast do so, too") {
  const auto x = Input({3, 2});
  const auto zeros = Masking()(x);
  const auto row = Masking()(GetItem({ops::slice(), ops::slice(1, 2)})(x));  // step 1 as (1, 2)
  CHECK(mask_of(Model(x, Add()({zeros, row})), sequences) == Bytes{1, 0, 1, 1, 1, 1});
  const auto sample = Masking()(GetItem({ops::slice(), 1})(x));  // step 1 as (2): the mask is one of whole samples
  CHECK(mask_of(Model(x, Add()({zeros, sample})), sequences) == Bytes{1, 0, 1, 1, 1, 1});
}

TEST_CASE("Softmax leaves out what a mask leaves out") {
  LayerHarness<double> harness(Softmax({.axis = 1}), {3, 1}, 2, 0, {{{3}, {1, 0, 1, 0, 0, 0}}});
  const xt::xarray<double> x = Steps{{{1.0}, {9.0}, {1.0}}, {{2.0}, {2.0}, {2.0}}};
  const double third = 1.0 / 3;
  CHECK(xt::allclose(harness.forward(view_of(x)), Steps{{{0.5}, {0.0}, {0.5}}, {{third}, {third}, {third}}}));
}

TEST_CASE("a Softmax with a mask is not left to the loss") {
  const auto x = Input({3, 2});
  const Model plain(x, Softmax()(x));
  const Model masked(x, Softmax()(Masking()(x)));
  CHECK(plain.state().final_activation() == softmax);
  CHECK(masked.state().final_activation() == linear);
}

TEST_CASE("BatchNormalization takes its statistics from the steps that count") {
  const Bytes mask{1, 0, 1, 1, 0, 0};
  const auto x = normal_array<double>({2, 3, 2});
  LayerHarness<double> harness(BatchNormalization({.momentum = 0}), {3, 2}, 2, 0, {{{3}, mask}});
  const auto& y = harness.forward(view_of(x), true);
  for (std::size_t c = 0; c < 2; ++c) {
    double mean = 0, variance = 0;
    for (std::size_t i = 0; i < 6; ++i) mean += mask[i] * x.data()[2 * i + c] / 3;
    for (std::size_t i = 0; i < 6; ++i) variance += mask[i] * std::pow(x.data()[2 * i + c] - mean, 2) / 3;
    CHECK(harness.weight(2).elements()[c] == Approx(mean).epsilon(1e-6));
    CHECK(harness.weight(3).elements()[c] == Approx(variance).epsilon(1e-6));
    for (std::size_t i = 0; i < 6; ++i) {  // all are normalized
      const double expected = (x.data()[2 * i + c] - mean) / std::sqrt(variance + 1e-3);
      CHECK(y.elements()[2 * i + c] == Approx(expected).epsilon(1e-6));
    }
  }
  CHECK_THROWS_WITH(LayerHarness<double>(BatchNormalization(), {3, 2}, 1, 0, {{{}, {1}}}),
                    ContainsSubstring("expected a mask of all axes of the input but the last"));
}

TEST_CASE("steps that all are left out leave BatchNormalization with means of zero") {
  LayerHarness<double> harness(BatchNormalization(), {2, 1}, 1, 0, {{{2}, {0, 0}}});
  const xt::xarray<double> x = Steps{{{1.0}, {-2.0}}};
  const double deviation = std::sqrt(1e-3);
  CHECK(xt::allclose(harness.forward(view_of(x), true), x / deviation));
  CHECK(xt::allclose(harness.backward(view_of(x)), x / deviation));
}

TEST_CASE("TimeDistributed hands its layer what is left of the mask") {
  const auto x = Input({3, 2, 2});
  xt::xarray<float> samples = normal_array<float>({2, 3, 2, 2});
  samples(0, 1, 0, 0) = samples(0, 1, 0, 1) = 0;
  const Bytes expected{1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  // The inner layer reads the mask of its steps, and passes it on.
  CHECK(mask_of(Model(x, TimeDistributed(BatchNormalization())(Masking()(x))), samples) == expected);
  // One that stops it does not stop that of the whole, unless there is nothing left that it could be a mask of.
  CHECK(mask_of(Model(x, TimeDistributed(LogSoftmax())(Masking()(x))), samples) == expected);
  CHECK(mask_of(Model(x, TimeDistributed(Flatten())(Masking()(x))), samples).empty());
}
