// LayerHarness and check_gradients, with layers that are right and layers that are not.

#include <cmath>
#include <string>

#include <nacre/initializers/constant.hpp>
#include <nacre/layers/check_gradients.hpp>
#include <nacre/layers/harness.hpp>

#include "catch.hpp"

using namespace nacre;

namespace {

// output = input * weight^2, elementwise, with a backward that may be wrong in several ways.
struct Square {
  static constexpr std::string_view type_name = "Square";
  enum Fault { none, wrong_input, wrong_weight, forgets_weight, twice, forgets_output, reads_scratch };
  Fault fault = none;
  bool tiles = false;
  void fields(Fields& list) { list("tiles", tiles); }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.weight("scale", input, Ones());
    builder.weight("calls", {1}, Zeros(), false);
    builder.scratch(input.size());
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    const std::int64_t count = fault == forgets_output ? step.input.sample_size() : step.output.extents().size();
    for (std::int64_t i = 0; i < count; ++i) {
      const T scale = step.weight(0).elements()[i % step.input.sample_size()];
      step.output.elements()[i] = step.input.elements()[i] * scale * scale;
    }
    if (fault == reads_scratch) step.output.elements()[0] += step.scratch(0)[0];
    if (step.training) step.non_trainable_weight(0).elements()[0] += T(1);
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    const std::int64_t size = step.input.sample_size();
    const std::int64_t count = step.input.extents().size();
    T* sums = tiles ? step.scratch(0) : step.gradient(0).elements();
    for (std::int64_t i = 0; i < size; ++i) sums[i] = 0;
    for (std::int64_t i = 0; i < count; ++i) {
      const T scale = step.weight(0).elements()[i % size];
      const T dy = step.output_gradient.elements()[i];
      step.input_gradient.elements()[i] = fault == wrong_input ? dy * scale : dy * scale * scale;
      sums[i % size] += (fault == wrong_weight ? 1 : 2) * scale * step.input.elements()[i] * dy;
    }
    if (!tiles) return;
    step.sink(0, 0, sums, 1);
    if (fault != forgets_weight) step.sink(0, 1, sums + 1, size - 1);
    if (fault == twice) step.sink(0, 1, sums + 1, 1);
  }
};

}  // namespace

TEST_CASE("a right backward passes") {
  for (const bool tiles : {false, true}) {
    const GradientCheck check = check_gradients(Square{Square::none, tiles}, {2, 3});
    CHECK(check.elements == 3 * 6 + 6);
    CHECK(check.worst < 1e-7);
    CHECK_FALSE(check.where.empty());
  }
}

TEST_CASE("a wrong backward is found and named") {
  CHECK_THROWS_WITH(check_gradients(Square{Square::wrong_input}, {2}),
                    StartsWith("Square: gradient of input[0]: expected "));
  CHECK_THROWS_WITH(check_gradients(Square{Square::wrong_weight}, {2}), StartsWith("Square: gradient of scale[0]"));
  CHECK_THROWS_WITH(check_gradients(Square{Square::forgets_weight, true}, {2}),
                    ContainsSubstring("scale once, got element 1 never"));
  CHECK_THROWS_WITH(check_gradients(Square{Square::twice, true}, {2}), ContainsSubstring("element 1 more than once"));
  CHECK_THROWS_AS(check_gradients(Square{Square::forgets_output}, {2}), Error);
  CHECK_THROWS_AS(check_gradients(Square{Square::reads_scratch}, {2}), Error);
}

TEST_CASE("the harness runs a layer with memory of its own") {
  LayerHarness<float> harness(Square{}, {2}, 1);
  CHECK(harness.output_shape() == Shape{2});
  CHECK(harness.weight_specs().size() == 2);
  harness.weight(0).elements()[1] = 3;

  const float input[]{1, 2};
  const TensorView<const float> x(input, Shape{1, 2});
  const TensorView<float>& output = harness.forward(x);
  CHECK(output.elements()[0] == 1);
  CHECK(output.elements()[1] == 18);
  CHECK(harness.weight(1).elements()[0] == 0);
  harness.forward(x, true);
  CHECK(harness.weight(1).elements()[0] == 1);

  const float gradient[]{1, 1};
  CHECK(harness.backward({gradient, Shape{1, 2}}).elements()[1] == 9);
  CHECK(harness.gradient(0).elements()[1] == 12);
  CHECK_THROWS_AS(harness.gradient(1), ValueError);
  CHECK_THROWS_AS(harness.forward(TensorView<const float>(input, Shape{1, 1})), ShapeError);
  CHECK_THROWS_AS(LayerHarness<float>(Square{}, {2}, 0), ValueError);
}
