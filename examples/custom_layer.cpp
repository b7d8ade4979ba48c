// Your own layer with a weight: a plain struct, written with xtensor expressions.

#include <cstdio>

#include <nacre/layers/check_gradients.hpp>
#include <nacre/nacre.hpp>

using namespace nacre;

/// output = input where it is positive, slope * input elsewhere, with a slope for each feature that is learned. He,
/// Zhang, Ren and Sun, "Delving deep into rectifiers", 2015.
struct LearnedSlope {
  static constexpr std::string_view type_name = "LearnedSlope";
  double initial_slope = 0.25;
  void fields(Fields& list) { list("initial_slope", initial_slope); }

  // Called once: says what weights are needed, and what shape comes out.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.weight("slope", input, Constant{initial_slope});
    return input;
  }

  // All of step's tensors have the batch in front; the slope is broadcast along it.
  template <class T>
  void forward(const Forward<T>& step) const {
    step.output = xt::maximum(step.input, T(0)) + step.weight(0) * xt::minimum(step.input, T(0));
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    step.gradient(0) = xt::sum(step.output_gradient * xt::minimum(step.input, T(0)), {0});
    if (!step.wants_input_gradient) return;  // nobody needs it before the first layer with weights
    step.input_gradient = step.output_gradient * xt::where(step.input > T(0), T(1), step.weight(0));
  }
};

int main() {
  // backward against finite differences of forward, in double: throws where they differ.
  const GradientCheck check = check_gradients(LearnedSlope(), {4});
  std::printf("%lld derivatives are right, the worst to %.0e\n", static_cast<long long>(check.elements), check.worst);

  // Learn y = |x|: the right slope for x < 0 is -1.
  auto x = xt::xarray<float>::from_shape({256, 1});
  for (std::size_t i = 0; i < 256; ++i) x(i, 0) = static_cast<float>(i) / 128 - 1;
  Sequential model{Input({1}), LearnedSlope()};
  model.compile({.optimizer = SGD(0.5), .loss = MeanSquaredError()});
  const History history = model.fit(x, xt::abs(x), {.epochs = 20, .verbose = 0});

  model.summary();
  std::printf("loss %.4f, then %.4f; slope %.3f\n", history["loss"].front(), history["loss"].back(),
              static_cast<double>(model.weight("learned_slope/slope")(0)));
  return 0;
}
