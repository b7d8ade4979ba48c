// Your own layer whose products xtensor-blas computes: a dense layer with a kernel of low rank.

#include <cstdio>

#include <xtensor-blas/xlinalg.hpp>

#include <nacre/layers/check_gradients.hpp>
#include <nacre/nacre.hpp>

using namespace nacre;

/// output = input down up + bias: a kernel [features, units] of the given rank, as the product of two small ones.
/// Sainath et al., "Low-rank matrix factorization for deep neural network training with high-dimensional output
/// targets", 2013.
struct LowRankDense {
  static constexpr std::string_view type_name = "LowRankDense";
  enum class Weights { down, up, bias };
  std::int64_t units = 1;
  std::int64_t rank = 1;
  void fields(Fields& list) {
    list("units", units);
    list("rank", rank);
  }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    require<ShapeError>(input.rank() == 1, "expected samples with one axis, got ", input);
    builder.weight(Weights::down, "down", {input[0], rank}, GlorotUniform());
    builder.weight(Weights::up, "up", {rank, units}, GlorotUniform());
    builder.weight(Weights::bias, "bias", {units}, Zeros());
    return {units};
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    const xt::xarray<T> inner = xt::linalg::dot(step.input, step.weight(Weights::down));
    step.output = xt::linalg::dot(inner, step.weight(Weights::up)) + step.weight(Weights::bias);
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    const xt::xarray<T> inner = xt::linalg::dot(step.input, step.weight(Weights::down));
    const xt::xarray<T> inner_gradient = xt::linalg::dot(step.output_gradient, xt::transpose(step.weight(Weights::up)));
    step.gradient(Weights::down) = xt::linalg::dot(xt::transpose(step.input), inner_gradient);
    step.gradient(Weights::up) = xt::linalg::dot(xt::transpose(inner), step.output_gradient);
    step.gradient(Weights::bias) = xt::sum(step.output_gradient, {0});
    if (step.wants_input_gradient) {
      step.input_gradient = xt::linalg::dot(inner_gradient, xt::transpose(step.weight(Weights::down)));
    }
  }
};

int main() {
  const GradientCheck check = check_gradients(LowRankDense{5, 2}, {7});
  std::printf("%lld derivatives are right, the worst to %.0e\n", static_cast<long long>(check.elements), check.worst);

  // It learns a map of rank 2 as well as a dense layer does, with 2 (7 + 5) + 5 weights for 7 * 5 + 5.
  const auto normal = [](std::vector<std::size_t> shape, std::uint64_t seed) {
    auto values = xt::xarray<float>::from_shape(shape);
    const RandomStream random(seed);
    for (std::size_t i = 0; i < values.size(); ++i) values.data()[i] = static_cast<float>(random.normal(i));
    return values;
  };
  const xt::xarray<float> x = normal({512, 7}, 1);
  const xt::xarray<float> map = xt::linalg::dot(normal({7, 2}, 2), normal({2, 5}, 3));
  const xt::xarray<float> y = xt::linalg::dot(x, map);
  Sequential model{Input({7}), LowRankDense{5, 2}};
  model.compile({.optimizer = Adam(0.01), .loss = MeanSquaredError()});
  const History history = model.fit(x, y, {.epochs = 40, .verbose = 0});

  model.summary();
  std::printf("loss %.4f, then %.6f\n", history["loss"].front(), history["loss"].back());
  return 0;
}
