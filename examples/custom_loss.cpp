// Your own loss: a plain struct that values each row of predictions and gives the derivative.

#include <cmath>
#include <cstdio>

#include <nacre/nacre.hpp>

using namespace nacre;

/// Squared error near the target and absolute error far from it, so that outliers do not pull. Huber, "Robust
/// estimation of a location parameter", 1964.
struct Huber {
  static constexpr std::string_view type_name = "Huber";
  double delta = 1.0;  ///< where the square turns into a line
  void fields(Fields& list) { list("delta", delta); }

  template <class T>
  void evaluate(const LossStep<T>& step) const {
    const std::int64_t features = step.predictions.sample_size();
    const T limit = static_cast<T>(delta);
    for (std::int64_t row = 0; row < step.predictions.batch(); ++row) {
      T total = 0;
      for (std::int64_t i = row * features; i < (row + 1) * features; ++i) {
        const T error = step.predictions.elements()[i] - step.targets.elements()[i];
        const bool near = std::abs(error) <= limit;
        total += near ? error * error / 2 : limit * (std::abs(error) - limit / 2);
        // The row's value is the mean over its features, and so is its derivative.
        const T slope = near ? error : std::copysign(limit, error);
        if (step.wants_gradient) step.gradient.elements()[i] = slope / static_cast<T>(features);
      }
      step.values.elements()[row] = total / static_cast<T>(features);
    }
  }
};

/// The slope of a line through the points that training with `loss` finds.
double fitted_slope(const AnyLoss<float>& loss, const xt::xarray<float>& x, const xt::xarray<float>& y) {
  Sequential model{Input({1}), Dense(1)};
  model.compile({.optimizer = Adam(0.05), .loss = loss});
  model.fit(x, y, {.epochs = 100, .verbose = 0});
  return static_cast<double>(model.weight("dense/kernel")(0, 0));
}

int main() {
  // y = 2 x + 1, but every tenth point is far off.
  auto x = xt::xarray<float>::from_shape({100, 1});
  auto y = xt::xarray<float>::from_shape({100, 1});
  for (std::size_t i = 0; i < 100; ++i) {
    x(i, 0) = static_cast<float>(i) / 50 - 1;
    y(i, 0) = 2 * x(i, 0) + 1 + (i % 10 == 9 ? 30 * x(i, 0) : 0);
  }
  std::printf("the true slope is 2\n");
  std::printf("MeanSquaredError finds %.2f\n", fitted_slope(MeanSquaredError(), x, y));
  std::printf("Huber finds            %.2f\n", fitted_slope(Huber{0.1}, x, y));
  return 0;
}
