// What masks of outputs do to losses and metrics.

#include <cmath>
#include <cstdint>
#include <map>
#include <vector>

#include <nacre/layers/layers.hpp>
#include <nacre/models/model.hpp>

#include "models/model_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

constexpr std::size_t count = 5;
constexpr std::size_t steps = 4;

/// Sequences of two features that are filled up with zeros: sample i has i steps, the first one none.
template <class T = double>
xt::xarray<T> sequences() {
  auto x = normal_array<T>({count, steps, 2});
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t step = i; step < steps; ++step) x(i, step, 0) = x(i, step, 1) = T(0);
  }
  return x;
}

bool counts(std::size_t sample, std::size_t step) { return step < sample; }

/// The weighted mean of the predictions' squared errors.
struct MeanSquares {
  static constexpr std::string_view type_name = "MeanSquares";
  std::string name{};
  double sum = 0;
  double weight = 0;
  void fields(Fields& list) { list("name", name); }

  void reset() { sum = weight = 0; }
  template <class T>
  void update(const MetricStep<T>& step) {
    for (std::int64_t row = 0; row < step.predictions.batch(); ++row) {
      const auto error = static_cast<double>(step.predictions.elements()[row] - step.targets.elements()[row]);
      sum += step.sample_weight(row) * error * error;
      weight += step.sample_weight(row);
    }
  }
  double result() const { return weight > 0 ? sum / weight : 0; }
};

/// A prediction of one number for each step.
template <class T = double>
BasicModel<T> stepwise(bool masked = true) {
  const auto x = Input({static_cast<std::int64_t>(steps), 2});
  const SymbolicTensor first = masked ? Masking()(x) : SymbolicTensor(x);
  BasicModel<T> model(x, Dense(1)(Dense(3, activations::tanh)(first)));
  model.set_seed(3);
  model.compile({.optimizer = SGD(0.1),
                 .loss = MeanSquaredError(),
                 .metrics = {MeanSquares{"squares"}},
                 .weighted_metrics = {MeanSquares{"weighted"}}});
  return model;
}

/// sum(w (prediction - y)^2) and sum(w) over the steps that count.
std::pair<double, double> squares(const xt::xarray<double>& prediction, const xt::xarray<double>& y,
                                  const std::vector<double>& weights) {
  double sum = 0, weight = 0;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t step = 0; step < steps; ++step) {
      if (!counts(i, step)) continue;
      sum += weights[i] * std::pow(prediction(i, step, 0) - y(i, step, 0), 2);
      weight += weights[i];
    }
  }
  return {sum, weight};
}

/// A layer whose mask has a byte for each number.
struct MasksNumbers {
  static constexpr std::string_view type_name = "MasksNumbers";
  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.make_mask(input);
    return input;
  }
  template <class T>
  void forward(const Forward<T>&) const {}
  template <class T>
  void backward(const Backward<T>&) const {}
};

}  // namespace

TEST_CASE("losses and metrics leave out steps that the output's mask leaves out") {
  const auto x = sequences();
  const auto y = normal_array<double>({count, steps, 1}, 2);
  const BasicModel<double> model = stepwise();
  const auto [sum, weight] = squares(model.predict(x), y, {1, 1, 1, 1, 1});
  const auto found = model.evaluate(x, y);
  CHECK(weight == 10);
  CHECK(found["loss"] == Approx(sum / weight));
  CHECK(found["squares"] == Approx(sum / weight));
  CHECK(found["weighted"] == Approx(sum / weight));
  CHECK(stepwise(false).evaluate(x, y)["loss"] != Approx(found["loss"]));
}

TEST_CASE("sample weights and masks are multiplied; the loss is the mean over steps that count") {
  const auto x = sequences();
  const auto y = normal_array<double>({count, steps, 1}, 2);
  const std::vector<double> weights{1, 2, 0.5, 0, 3};
  const BasicModel<double> model = stepwise();
  const auto prediction = model.predict(x);
  const auto [sum, weight] = squares(prediction, y, weights);
  const auto [all, number] = squares(prediction, y, {1, 1, 1, 1, 1});
  const auto found = model.evaluate(x, y, {.sample_weight = weights});
  CHECK(found["loss"] == Approx(sum / 10));
  CHECK(found["squares"] == Approx(all / number));
  CHECK(found["weighted"] == Approx(sum / weight));
}

TEST_CASE("a batch of which nothing counts has no loss and no gradient") {
  const xt::xarray<double> x = xt::zeros<double>({count, steps, std::size_t{2}});
  BasicModel<double> model = stepwise();
  const auto gradients = model.gradients(x, normal_array<double>({count, steps, 1}, 2));
  CHECK(gradients.loss == 0);
  for (double gradient : gradients.values()) CHECK(gradient == 0);
}

TEST_CASE("the gradients of a masked loss are its derivatives") {
  const auto x = sequences();
  const auto y = normal_array<double>({count, steps, 1}, 2);
  BasicModel<double> model = stepwise();
  const auto data = Dataset(x, y).with_sample_weights({1, 2, 0.5, 0, 3});
  const auto gradients = model.gradients(data);
  for (const auto& place : gradients.places()) {
    CAPTURE(place.name);
    double* weight = model.weight(place.name).elements();
    for (std::int64_t i = 0; i < place.shape.size(); ++i) {
      const double kept = weight[i];
      weight[i] = kept + 1e-5;
      const double above = model.evaluate(data)["loss"];
      weight[i] = kept - 1e-5;
      const double below = model.evaluate(data)["loss"];
      weight[i] = kept;
      CHECK(gradients[place.name].elements()[i] == Approx((above - below) / 2e-5).epsilon(1e-6).margin(1e-8));
    }
  }
}

TEST_CASE("what steps hold that do not count changes nothing in training") {
  const auto x = sequences<float>();
  auto y = normal_array<float>({count, steps, 1}, 2);
  Model model = stepwise<float>();
  Model other = stepwise<float>();
  model.fit(x, y, {.epochs = 3, .batch_size = 2, .verbose = 0});
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t step = 0; step < steps; ++step) {
      if (!counts(i, step)) y(i, step, 0) += 100;
    }
  }
  other.fit(x, y, {.epochs = 3, .batch_size = 2, .verbose = 0});
  for (const std::string& name : model.weight_names()) {
    CHECK(same_values<float>(std::as_const(model).weight(name), std::as_const(other).weight(name)));
  }
}

TEST_CASE("each output has its own mask") {
  const auto x = Input({static_cast<std::int64_t>(steps), 2});
  const auto h = Masking()(x);
  BasicModel<double> model(x,
                           SymbolicTensors{Dense(1, {.name = "masked"})(h), Dense(1, {.name = "plain"})(Dense(2)(x))});
  model.compile({.optimizer = SGD(0.1),
                 .outputs = {{.loss = MeanSquaredError()}, {.loss = MeanSquaredError(), .loss_weight = 0.5}}});
  const auto values = sequences();
  const auto y = normal_array<double>({count, steps, 1}, 2);
  const auto predictions = model.predict_all(Dataset(values));
  const auto [sum, weight] = squares(predictions[0], y, {1, 1, 1, 1, 1});
  const double plain = xt::mean(xt::square(predictions[1] - y))();
  const auto found = model.evaluate(Dataset(Columns{values}, Columns{y, y}));
  CHECK(found["masked_loss"] == Approx(sum / weight));
  CHECK(found["plain_loss"] == Approx(plain));
  CHECK(found["loss"] == Approx(sum / weight + 0.5 * plain));
}

TEST_CASE("a mask of each number of an output is refused") {
  const auto x = Input({3});
  Model model(x, Layer(MasksNumbers())(x));
  model.compile({.optimizer = SGD(0.1), .loss = MeanSquaredError()});
  CHECK_THROWS_WITH(model.evaluate(normal_array({2, 3}), normal_array({2, 3})),
                    ContainsSubstring("expected a mask of the output's rows"));
}
