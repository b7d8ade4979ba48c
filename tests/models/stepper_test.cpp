// Stepper: a model of sequences one step at a time.

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <nacre/layers/layers.hpp>
#include <nacre/models/sequential.hpp>
#include <nacre/models/stepper.hpp>

#include "catch.hpp"
#include "layers/layer_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

/// Compares what comes out step by step with the prediction for the whole sequence, twice.
void check_steps(const Model& model) {
  const auto steps = static_cast<std::size_t>(model.input_shape()[0]);
  const auto features = static_cast<std::size_t>(model.input_shape()[1]);
  const auto x = normal_array(model.input_shape().with_batch(1));
  const auto expected = model.predict(x);
  auto stepper = model.stepper();
  for (int time = 0; time < 2; ++time) {
    for (std::size_t t = 0; t < steps; ++t) {
      const auto y = stepper(std::span<const float>(x.data() + t * features, features));
      const bool is_sequence = expected.size() == steps * y.size();
      if (!is_sequence && t + 1 < steps) continue;
      for (std::size_t i = 0; i < y.size(); ++i) {
        CHECK(y[i] == Approx(expected.data()[is_sequence ? t * y.size() + i : i]).margin(1e-6));
      }
    }
    stepper.reset();
  }
}

}  // namespace

TEST_CASE("a stepper computes what predict does, step by step") {
  using activations::tanh;
  check_steps(Sequential{Input({7, 3}), LSTM(16, {.return_sequences = true}), Dense(2, tanh)});
  check_steps(Sequential{Input({7, 3}), GRU(5, {.return_sequences = true}), SimpleRNN(4), Dense(2)});
  check_steps(Sequential{Input({5, 3}), GRU(5, {.return_sequences = true, .reset_after = false}),
                         TimeDistributed(Dense(2)), BatchNormalization()});
  check_steps(Sequential{Input({5, 3}), RNN({LSTMCell(4), GRUCell(3)}, {.return_sequences = true})});
  const SymbolicTensor x = Input({6, 4});
  const SymbolicTensor h = LSTM(4, {.return_sequences = true})(x);
  check_steps(Model(x, Dense(3)(Concatenate()({Add()({x, h}), h}))));
}

TEST_CASE("a stepper has weights of its own, and knows its model no more") {
  Sequential model{Input({4, 2}), LSTM(3)};
  const std::array<float, 2> features{1, 2};
  auto stepper = model.stepper();
  const std::vector<float> first(stepper(features).begin(), stepper.output().end());
  for (const std::string& name : model.weight_names()) {
    auto weight = model.weight(name);
    std::fill_n(weight.elements(), weight.size(), 0.0F);
  }
  stepper.reset();
  const auto again = stepper(features);
  CHECK(std::equal(first.begin(), first.end(), again.begin()));
}

TEST_CASE("a stepper refuses models that look ahead, and what it cannot be given") {
  const auto made = [](const Model& model) { model.stepper(); };
  CHECK_THROWS_WITH(made(Sequential{Input({4, 2}), Bidirectional(LSTM(2))}), ContainsSubstring("forwards"));
  CHECK_THROWS_WITH(made(Sequential{Input({4, 2}), LSTM(2, {.go_backwards = true})}), ContainsSubstring("forwards"));
  CHECK_THROWS_WITH(made(Sequential{Input({4, 2}), Softmax({.axis = 1})}),
                    ContainsSubstring("something else than step by step"));
  CHECK_THROWS_WITH(made(Sequential{Input({4, 2}), Masking(), LSTM(2)}), ContainsSubstring("without masks"));
  CHECK_THROWS_WITH(made(Sequential{Input({4}), Dense(2)}), ContainsSubstring("(steps, features)"));
  CHECK_THROWS_WITH(made(Sequential{LSTM(2)}), ContainsSubstring("built"));
  const Sequential model{Input({4, 2}), LSTM(3)};
  auto stepper = model.stepper();
  const std::array<float, 3> wrong{};
  CHECK_THROWS_WITH(stepper(wrong), ContainsSubstring("expected 2 features, got 3"));
}
