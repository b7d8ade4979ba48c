// LayerHarness and check_gradients, with layers that are right and layers that are not.

#include <algorithm>
#include <cmath>
#include <string>

#include <nacre/initializers/constant.hpp>
#include <nacre/layers/check_gradients.hpp>
#include <nacre/layers/harness.hpp>

#include "catch.hpp"

using namespace nacre;

namespace {

// output = input * weight^2, elementwise, with a forward and a backward that may be wrong in several ways.
struct Square {
  static constexpr std::string_view type_name = "Square";
  enum Fault {
    none,
    wrong_input,
    wrong_weight,
    wrong_for_large_batches,
    wrong_for_one_sample,
    wrong_for_five_features,
    forgets_weight,
    twice,
    forgets_output,
    reads_scratch,
    makes_nan,
    forgets_buffer,
    forgets_input_gradient,
    reads_scratch_backward,
    makes_nan_backward
  };
  Fault fault = none;
  bool tiles = false;
  void fields(Fields& list) { list("tiles", tiles); }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.weight("scale", input, Ones());
    builder.weight("calls", {1}, Zeros(), false);
    builder.scratch(input.size());
    builder.buffer(builder.batch() * input.size());
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    const std::int64_t count = fault == forgets_output ? step.input.sample_size() : step.output.extents().size();
    for (std::int64_t i = 0; i < count; ++i) {
      const T scale = step.weight(0).elements()[i % step.input.sample_size()];
      step.output.elements()[i] = step.input.elements()[i] * scale * scale;
    }
    if (fault == reads_scratch) step.output.elements()[1] += step.scratch(0)[0];
    if (fault == makes_nan) step.output.elements()[1] = std::log(T(-1));
    const std::int64_t kept = step.input.extents().size() - (fault == forgets_buffer);
    std::copy_n(step.input.elements(), kept, step.buffer(0));
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
      if (fault == forgets_input_gradient && i == 1) continue;
      step.input_gradient.elements()[i] = has_wrong_input(step) ? dy * scale : dy * scale * scale;
      sums[i % size] += (fault == wrong_weight ? 1 : 2) * scale * step.buffer(0)[i] * dy;
    }
    if (fault == reads_scratch_backward) step.input_gradient.elements()[1] += step.scratch(0)[0];
    if (fault == makes_nan_backward) step.input_gradient.elements()[1] = std::log(T(-1));
    if (!tiles) return;
    step.sink(0, 0, sums, 1);
    if (fault != forgets_weight) step.sink(0, 1, sums + 1, size - 1);
    if (fault == twice) step.sink(0, 1, sums + 1, 1);
  }

  template <class T>
  bool has_wrong_input(const Backward<T>& step) const {
    return fault == wrong_input || (fault == wrong_for_large_batches && step.batch() > 3) ||
           (fault == wrong_for_one_sample && step.batch() == 1) ||
           (fault == wrong_for_five_features && step.input.sample_size() == 5);
  }
};

// A layer for samples of four numbers only.
struct OfFour : Square {
  static constexpr std::string_view type_name = "OfFour";
  Shape build(const Shape& input, LayerBuilder& builder) const {
    require<ShapeError>(input == Shape{4}, "OfFour: expected samples of shape (4,), got ", input);
    return Square::build(input, builder);
  }
};

GradientCheck check(Square::Fault fault, const GradientCheckOptions& options = {}) {
  return check_gradients(Square{fault}, {4}, options);
}

}  // namespace

TEST_CASE("a right backward passes") {
  for (const bool tiles : {false, true}) {
    const GradientCheck check = check_gradients(Square{Square::none, tiles}, {2, 3}, {.vary = false});
    CHECK(check.elements == 3 * 6 + 6);
    CHECK(check.worst < 1e-7);
    CHECK_FALSE(check.where.empty());
    CHECK(check.input == Shape{3, 2, 3});
  }
}

TEST_CASE("other batches and samples are checked, too") {
  CHECK(check_gradients(Square{}, {2, 3}).elements == (3 + 1 + 5) * 6 + 3 * 6 + 2 * 15 + 15);
  CHECK(check_gradients(Square{}, {4}, {.batch = 1}).elements == (1 + 3) * 4 + 2 * 4 + 2 * 5 + 5);
  CHECK(check_gradients(OfFour{}, {4}).elements == (3 + 1 + 5) * 4 + 3 * 4);

  CHECK_THROWS_WITH(check(Square::wrong_for_large_batches),
                    StartsWith("Square: input of shape (5, 4): gradient of input[0]: expected "));
  CHECK_THROWS_WITH(check(Square::wrong_for_one_sample), StartsWith("Square: input of shape (1, 4): gradient of"));
  CHECK_THROWS_WITH(check(Square::wrong_for_five_features), StartsWith("Square: input of shape (2, 5): gradient of"));
  CHECK_NOTHROW(check(Square::wrong_for_one_sample, {.vary = false}));
}

TEST_CASE("a wrong backward is found and named") {
  CHECK_THROWS_WITH(check(Square::wrong_input),
                    StartsWith("Square: input of shape (3, 4): gradient of input[0]: expected "));
  CHECK_THROWS_WITH(check(Square::wrong_weight), StartsWith("Square: input of shape (3, 4): gradient of scale[0]"));
  CHECK_THROWS_WITH(check_gradients(Square{Square::forgets_weight, true}, {2}),
                    ContainsSubstring("scale once, got element 1 never"));
  CHECK_THROWS_WITH(check_gradients(Square{Square::twice, true}, {2}), ContainsSubstring("element 1 more than once"));
}

TEST_CASE("the pass that left memory unwritten is named") {
  CHECK_THROWS_WITH(check(Square::forgets_output),
                    "Square: input of shape (3, 4): expected forward to write output[4], but it did not");
  CHECK_THROWS_WITH(check(Square::reads_scratch),
                    "Square: input of shape (3, 4): expected forward to compute output[1] from what was written "
                    "before, but it depends on memory that was not");
  CHECK_THROWS_WITH(check(Square::makes_nan), ContainsSubstring(": forward made output[1] NaN"));
  CHECK_THROWS_WITH(check(Square::forgets_buffer),
                    "Square: input of shape (3, 4): expected forward to write all that backward reads, but the "
                    "gradient of scale[3] depends on a buffer that forward did not write whole");
  CHECK_THROWS_WITH(check(Square::forgets_input_gradient),
                    "Square: input of shape (3, 4): expected backward to write the gradient of input[1], but it did "
                    "not");
  CHECK_THROWS_WITH(check(Square::reads_scratch_backward),
                    ContainsSubstring("expected backward to compute the gradient of input[1] from what was written"));
  CHECK_THROWS_WITH(check(Square::makes_nan_backward), ContainsSubstring(": backward made the gradient of input[1]"));
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
