// Your own metric: a plain struct that gathers something over batches and says what it came to.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <nacre/nacre.hpp>

using namespace nacre;

/// The largest error of any prediction: what a mean hides.
struct LargestError {
  static constexpr std::string_view type_name = "LargestError";  // results are named "largest_error"

  // Before each epoch and each evaluation.
  void reset() { largest_ = 0; }

  // For each batch; predictions and targets are (rows, features).
  template <class T>
  void update(const MetricStep<T>& step) {
    const std::int64_t count = step.predictions.batch() * step.predictions.sample_size();
    for (std::int64_t i = 0; i < count; ++i) {
      const T error = std::abs(step.predictions.elements()[i] - step.targets.elements()[i]);
      largest_ = std::max(largest_, static_cast<double>(error));
    }
  }

  double result() const { return largest_; }

 private:
  double largest_ = 0;
};

int main() {
  // Learn a sine.
  auto x = xt::xarray<float>::from_shape({400, 1});
  for (std::size_t i = 0; i < 400; ++i) x(i, 0) = static_cast<float>(i) / 100 - 2;
  const xt::xarray<float> y = xt::sin(2 * x);

  Sequential model{Input({1}), Dense(32, {.activation = activations::tanh}), Dense(1)};
  model.compile({.optimizer = Adam(0.01), .loss = MeanSquaredError(), .metrics = {LargestError()}});
  const History history = model.fit(x, y, {.epochs = 60, .verbose = 0});
  for (const std::size_t epoch : {0u, 9u, 59u}) {
    std::printf("epoch %2zu: mean squared error %.4f, largest error %.4f\n", epoch + 1, history["loss"][epoch],
                history["largest_error"][epoch]);
  }
  const Evaluation score = model.evaluate(x, y);
  std::printf("at the end the largest error is %.4f\n", score["largest_error"]);
  return 0;
}
