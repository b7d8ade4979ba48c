// Operations on symbolic tensors: what they compute, their derivatives, what they refuse, and that models with them
// come back from files.

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <nacre/models/sequential.hpp>
#include <nacre/losses/mean_squared_error.hpp>
#include <nacre/layers/layers.hpp>
#include <nacre/optimizers/sgd.hpp>
#include <nacre/saving/saving.hpp>

#include "layer_testing.hpp"
#include "saving/saving_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

using Tensor = SymbolicTensor;
using Array = xt::xarray<double>;
using Op = std::function<Tensor(const Tensor&)>;

/// The model of an operation, in double.
BasicModel<double> model_of(const Op& op, const Shape& input) {
  const Tensor x(input);
  BasicModel<double> model(x, op(x));
  model.compile({.optimizer = SGD(), .loss = MeanSquaredError()});
  return model;
}

/// What an operation makes of x (batch, ...).
Array result_of(const Op& op, const Array& x) { return model_of(op, shape_of(x).from(1)).predict(x); }

/// The largest relative error of an operation's gradient against central differences.
double worst_gradient(const Op& op, Array x) {
  // A sample's result may be a number alone: no loss is given one of that.
  auto model = model_of([&](const Tensor& in) { return Flatten()(op(in)); }, shape_of(x).from(1));
  const Array y = normal_array<double>(shape_of(model.predict(x)), 7);
  const Array gradient = model.gradients(x, y, {.training = false, .by_input = true}).input;
  const auto loss = [&] { return model.gradients(x, y, {.training = false}).loss; };
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double kept = x.data()[i];
    x.data()[i] = kept + 1e-6;
    const double above = loss();
    x.data()[i] = kept - 1e-6;
    const double measured = (above - loss()) / 2e-6;
    x.data()[i] = kept;
    const double size = std::max({std::abs(measured), std::abs(gradient.data()[i]), 1e-2});
    worst = std::max(worst, std::abs(measured - gradient.data()[i]) / size);
  }
  return worst;
}

bool close(const Array& a, const Array& b) { return shape_of(a) == shape_of(b) && xt::allclose(a, b, 1e-10, 1e-12); }

/// A function of each element.
struct ElementCase {
  const char* name;
  Op op;
  double (*reference)(double);
  double offset = 0;  ///< that is added to random numbers around 0
};

/// An operation with what xtensor makes of the same.
struct ShapeCase {
  const char* name;
  Shape input;
  Op op;
  std::function<Array(const Array&)> reference;
};

using Place = std::vector<std::size_t>;

/// An array of that shape with `element(place)` at each place.
Array made(const std::vector<std::size_t>& shape, const std::function<double(const Place&)>& element) {
  Array result = Array::from_shape(shape);
  Place at(shape.size(), 0);
  for (double& value : result) {
    value = element(at);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      if (++at[axis] < shape[axis]) break;
      at[axis] = 0;
    }
  }
  return result;
}

Array reshaped(Array x, const std::vector<std::size_t>& shape) {
  x.reshape(shape);
  return x;
}

/// The squares of the distances from the mean over these axes.
Array squared_distances(const Array& x, const std::vector<std::size_t>& axes) {
  const Array mean = xt::mean(x, axes, xt::keep_dims);
  const Array distances = x - mean;
  return distances * distances;
}

/// Exponentials as shares of their sum.
Array shares(const Array& x, std::size_t axis) {
  const Array powers = xt::exp(x);
  const Array sum = xt::sum(powers, {axis}, xt::keep_dims);
  return powers / sum;
}

std::string message(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("operations on each element compute what their names say, and have its derivative") {
  const std::vector<ElementCase> cases{
      {"exp", [](const Tensor& x) { return ops::exp(x); }, [](double x) { return std::exp(x); }},
      {"log", [](const Tensor& x) { return ops::log(x); }, [](double x) { return std::log(x); }, 6},
      {"sqrt", [](const Tensor& x) { return ops::sqrt(x); }, [](double x) { return std::sqrt(x); }, 6},
      {"square", [](const Tensor& x) { return ops::square(x); }, [](double x) { return x * x; }},
      {"abs", [](const Tensor& x) { return ops::abs(x); }, [](double x) { return std::abs(x); }},
      {"negative", [](const Tensor& x) { return ops::negative(x); }, [](double x) { return -x; }},
      {"sigmoid", [](const Tensor& x) { return ops::sigmoid(x); }, [](double x) { return 1 / (1 + std::exp(-x)); }},
      {"tanh", [](const Tensor& x) { return ops::tanh(x); }, [](double x) { return std::tanh(x); }},
      {"relu", [](const Tensor& x) { return ops::relu(x); }, [](double x) { return std::max(x, 0.0); }},
      {"erf", [](const Tensor& x) { return ops::erf(x); }, [](double x) { return std::erf(x); }},
      {"clip", [](const Tensor& x) { return ops::clip(x, -0.5, 1); },
       [](double x) { return std::clamp(x, -0.5, 1.0); }},
      {"x + 2", [](const Tensor& x) { return x + 2; }, [](double x) { return x + 2; }},
      {"2 - x", [](const Tensor& x) { return 2 - x; }, [](double x) { return 2 - x; }},
      {"x - 2", [](const Tensor& x) { return x - 2; }, [](double x) { return x - 2; }},
      {"3 * x", [](const Tensor& x) { return 3 * x; }, [](double x) { return 3 * x; }},
      {"x / 4", [](const Tensor& x) { return x / 4; }, [](double x) { return x / 4; }},
      {"2 / x", [](const Tensor& x) { return 2 / x; }, [](double x) { return 2 / x; }, 6},
      {"-x", [](const Tensor& x) { return -x; }, [](double x) { return -x; }},
      {"x + x", [](const Tensor& x) { return x + x; }, [](double x) { return x + x; }},
      {"x - tanh(x)", [](const Tensor& x) { return x - ops::tanh(x); }, [](double x) { return x - std::tanh(x); }},
      {"x * x * x", [](const Tensor& x) { return x * x * x; }, [](double x) { return x * x * x; }},
      {"exp(x) / (x * x + 1)", [](const Tensor& x) { return ops::exp(x) / (x * x + 1); },
       [](double x) { return std::exp(x) / (x * x + 1); }},
      {"power(x, 3)", [](const Tensor& x) { return ops::power(x, 3); }, [](double x) { return x * x * x; }},
      {"power(2, x)", [](const Tensor& x) { return ops::power(2, x); }, [](double x) { return std::pow(2, x); }},
      {"power(x, x)", [](const Tensor& x) { return ops::power(x / 4, x / 4); },
       [](double x) { return std::pow(x / 4, x / 4); }, 6},
      {"maximum(x, 0.3)", [](const Tensor& x) { return ops::maximum(x, 0.3); },
       [](double x) { return std::max(x, 0.3); }},
      {"minimum(0.3, x)", [](const Tensor& x) { return ops::minimum(0.3, x); },
       [](double x) { return std::min(x, 0.3); }},
      {"maximum(x, x * x)", [](const Tensor& x) { return ops::maximum(x, x * x); },
       [](double x) { return std::max(x, x * x); }},
      {"greater", [](const Tensor& x) { return ops::greater(x, 0.1); }, [](double x) { return x > 0.1 ? 1. : 0.; }},
      {"less", [](const Tensor& x) { return ops::less(0.1, x); }, [](double x) { return 0.1 < x ? 1. : 0.; }},
      {"greater_equal", [](const Tensor& x) { return ops::greater_equal(x, -x); },
       [](double x) { return x >= 0 ? 1. : 0.; }},
      {"less_equal", [](const Tensor& x) { return ops::less_equal(x, -x); }, [](double x) { return x <= 0 ? 1. : 0.; }},
      {"equal", [](const Tensor& x) { return ops::equal(x, ops::abs(x)); }, [](double x) { return x >= 0 ? 1. : 0.; }},
      {"not_equal", [](const Tensor& x) { return ops::not_equal(x, ops::abs(x)); },
       [](double x) { return x >= 0 ? 0. : 1.; }},
      {"where(c, x, y)", [](const Tensor& x) { return ops::where(ops::greater(x, 0), x, x * x); },
       [](double x) { return x > 0 ? x : x * x; }},
      {"where(c, x, 2)", [](const Tensor& x) { return ops::where(ops::greater(x, 0), x, 2); },
       [](double x) { return x > 0 ? x : 2; }},
      {"where(c, 2, x)", [](const Tensor& x) { return ops::where(ops::greater(x, 0), 2, x); },
       [](double x) { return x > 0 ? 2 : x; }},
      {"where(c, 1, 2)", [](const Tensor& x) { return ops::where(ops::greater(x, 0), 1, 2); },
       [](double x) { return x > 0 ? 1. : 2.; }},
  };
  for (const Shape& shape : {Shape{3, 2, 5}, Shape{2, 7}}) {
    for (const ElementCase& the : cases) {
      INFO(the.name << " of " << shape.to_string());
      const Array x = normal_array<double>(shape, 3) + the.offset;
      Array expected = x;
      for (double& element : expected) element = the.reference(element);
      CHECK(close(result_of(the.op, x), expected));
      CHECK(worst_gradient(the.op, x) < 1e-6);
    }
  }
}

TEST_CASE("operations over axes and on shapes compute what their names say, and have its derivative") {
  const std::vector<ShapeCase> cases{
      {"sum",
       {3, 4},
       [](const Tensor& x) { return ops::sum(x); },
       [](const Array& x) -> Array {
         return xt::sum(x, {1, 2});
       }},
      {"sum of the last",
       {3, 4},
       [](const Tensor& x) { return ops::sum(x, -1); },
       [](const Array& x) -> Array { return xt::sum(x, {2}); }},
      {"sum of two",
       {3, 4, 2},
       [](const Tensor& x) {
         return ops::sum(x, {1, -1});
       },
       [](const Array& x) -> Array {
         return xt::sum(x, {1, 3});
       }},
      {"mean, kept",
       {3, 4},
       [](const Tensor& x) { return ops::mean(x, 1, true); },
       [](const Array& x) -> Array { return xt::mean(x, {1}, xt::keep_dims); }},
      {"max",
       {3, 4},
       [](const Tensor& x) { return ops::max(x, -1); },
       [](const Array& x) -> Array { return xt::amax(x, {2}); }},
      {"min",
       {3, 4},
       [](const Tensor& x) { return ops::min(x, 1); },
       [](const Array& x) -> Array { return xt::amin(x, {1}); }},
      {"var",
       {3, 4},
       [](const Tensor& x) { return ops::var(x, -1); },
       [](const Array& x) -> Array { return xt::mean(squared_distances(x, {2}), {2}); }},
      {"std",
       {3, 4},
       [](const Tensor& x) {
         return ops::std(x, {1, 2});
       },
       [](const Array& x) -> Array {
         const Array var = xt::mean(squared_distances(x, {1, 2}), {1, 2});
         return xt::sqrt(var);
       }},
      {"softmax of an inner axis",
       {3, 4},
       [](const Tensor& x) { return ops::softmax(x, 1); },
       [](const Array& x) -> Array { return shares(x, 1); }},
      {"log_softmax",
       {3, 4},
       [](const Tensor& x) { return ops::log_softmax(x); },
       [](const Array& x) -> Array { return xt::log(shares(x, 2)); }},
      {"log_softmax of an inner axis",
       {3, 4},
       [](const Tensor& x) { return ops::log_softmax(x, -2); },
       [](const Array& x) -> Array { return xt::log(shares(x, 1)); }},
      {"glu",
       {3, 4},
       [](const Tensor& x) { return ops::glu(x); },
       [](const Array& x) -> Array {
         return made({2, 3, 2}, [&](const Place& at) {
           return x(at[0], at[1], at[2]) / (1 + std::exp(-x(at[0], at[1], at[2] + 2)));
         });
       }},
      {"reshape",
       {3, 4},
       [](const Tensor& x) {
         return ops::reshape(x, {-1, 2, -1});
       },
       [](const Array& x) -> Array {
         return reshaped(x, {2, 2, 6});
       }},
      {"transpose",
       {3, 4, 2},
       [](const Tensor& x) {
         return ops::transpose(x, {0, 3, 1, -2});
       },
       [](const Array& x) -> Array {
         return made({2, 2, 3, 4}, [&](const Place& at) { return x(at[0], at[2], at[3], at[1]); });
       }},
      {"expand_dims",
       {3, 4},
       [](const Tensor& x) { return ops::expand_dims(x, 2); },
       [](const Array& x) -> Array {
         return reshaped(x, {2, 3, 1, 4});
       }},
      {"expand_dims at the end",
       {3, 4},
       [](const Tensor& x) { return ops::expand_dims(x, -1); },
       [](const Array& x) -> Array {
         return reshaped(x, {2, 3, 4, 1});
       }},
      {"squeeze",
       {3, 1, 4, 1},
       [](const Tensor& x) { return ops::squeeze(x); },
       [](const Array& x) -> Array {
         return reshaped(x, {2, 3, 4});
       }},
      {"squeeze of one axis",
       {3, 1, 4, 1},
       [](const Tensor& x) { return ops::squeeze(x, -1); },
       [](const Array& x) -> Array {
         return reshaped(x, {2, 3, 1, 4});
       }},
      {"x[:, 1:6:2, 0]",
       {7, 3},
       [](const Tensor& x) {
         return ops::getitem(x, {ops::slice(), ops::slice(1, 6, 2), 0});
       },
       [](const Array& x) -> Array {
         return made({2, 3}, [&](const Place& at) { return x(at[0], 1 + 2 * at[1], 0); });
       }},
      {"x[..., ::-1]",
       {3, 4},
       [](const Tensor& x) {
         return ops::getitem(x, {ops::ellipsis, ops::slice({}, {}, -1)});
       },
       [](const Array& x) -> Array {
         return made({2, 3, 4}, [&](const Place& at) { return x(at[0], at[1], 3 - at[2]); });
       }},
      {"x[:, None, -2]",
       {3, 4},
       [](const Tensor& x) {
         return ops::getitem(x, {ops::slice(), ops::new_axis, -2});
       },
       [](const Array& x) -> Array {
         return made({2, 1, 4}, [&](const Place& at) { return x(at[0], 1, at[2]); });
       }},
      {"x[:, ..., -9:9]",
       {3, 4},
       [](const Tensor& x) {
         return ops::getitem(x, {ops::slice(), ops::ellipsis, ops::slice(-9, 9)});
       },
       [](const Array& x) -> Array { return x; }},
      {"x[:, 5:0:-2]",
       {7, 2},
       [](const Tensor& x) {
         return ops::getitem(x, {ops::slice(), ops::slice(5, 0, -2)});
       },
       [](const Array& x) -> Array {
         return made({2, 3, 2}, [&](const Place& at) { return x(at[0], 5 - 2 * at[1], at[2]); });
       }},
      {"concatenate",
       {3, 4},
       [](const Tensor& x) {
         return ops::concatenate({x, ops::square(x), x}, 1);
       },
       [](const Array& x) -> Array {
         return made({2, 9, 4}, [&](const Place& at) {
           const double element = x(at[0], at[1] % 3, at[2]);
           return at[1] / 3 == 1 ? element * element : element;
         });
       }},
      {"stack",
       {3, 4},
       [](const Tensor& x) {
         return ops::stack({x, -x}, -1);
       },
       [](const Array& x) -> Array {
         return made({2, 3, 4, 2}, [&](const Place& at) { return (at[3] == 0 ? 1 : -1) * x(at[0], at[1], at[2]); });
       }},
      {"split",
       {6, 2},
       [](const Tensor& x) {
         const auto parts = ops::split(x, 3, 1);
         return parts[0] * parts[2] + parts[1];
       },
       [](const Array& x) -> Array {
         return made({2, 2, 2}, [&](const Place& at) {
           const auto part = [&](std::size_t which) { return x(at[0], at[1] + 2 * which, at[2]); };
           return part(0) * part(2) + part(1);
         });
       }},
      {"split at indices",
       {6, 2},
       [](const Tensor& x) {
         const auto parts = ops::split(x, {1, 3}, 1);
         return ops::sum(parts[0], 1) + 2 * ops::sum(parts[1], 1) + 3 * ops::sum(parts[2], 1);
       },
       [](const Array& x) -> Array {
         return made({2, 2}, [&](const Place& at) {
           double sum = 0;
           for (std::size_t i = 0; i < 6; ++i) sum += (i < 1 ? 1 : i < 3 ? 2 : 3) * x(at[0], i, at[1]);
           return sum;
         });
       }},
      {"take",
       {3, 4},
       [](const Tensor& x) {
         return ops::take(x, {3, 0, 3, -4}, -1);
       },
       [](const Array& x) -> Array {
         return made({2, 3, 4}, [&](const Place& at) { return x(at[0], at[1], at[2] % 2 == 0 ? 3 : 0); });
       }},
      {"matmul",
       {3, 4},
       [](const Tensor& x) {
         return ops::matmul(x, ops::transpose(ops::square(x), {0, 2, 1}));
       },
       [](const Array& x) -> Array {
         return made({2, 3, 3}, [&](const Place& at) {
           double sum = 0;
           for (std::size_t k = 0; k < 4; ++k) sum += x(at[0], at[1], k) * x(at[0], at[2], k) * x(at[0], at[2], k);
           return sum;
         });
       }},
  };
  for (const ShapeCase& the : cases) {
    INFO(the.name);
    const Array x = normal_array<double>(the.input.with_batch(2), 5);
    CHECK(close(result_of(the.op, x), the.reference(x)));
    CHECK(worst_gradient(the.op, x) < 1e-6);
  }
}

TEST_CASE("one_hot has a one at the class's number and nothing for what is no class") {
  const Array classes{{0, 2}, {-1, 3}};
  const Array expected{{{1, 0, 0}, {0, 0, 1}}, {{0, 0, 0}, {0, 0, 0}}};
  CHECK(close(result_of([](const Tensor& x) { return ops::one_hot(x, 3); }, classes), expected));
}

TEST_CASE("functions in float keep to a few units in the last place") {
  xt::xarray<float> x = xt::linspace<float>(-8, 8, 1001);
  x.reshape({1, 1001});
  const auto check = [&](kernels::Unary function, double (*reference)(double), const xt::xarray<float>& in) {
    const xt::xarray<float> y = output_of<float>(UnaryFunction(function), in);
    for (std::size_t i = 0; i < in.size(); ++i) {
      const double expected = reference(in.data()[i]);
      CAPTURE(in.data()[i]);
      CHECK(std::abs(y.data()[i] - expected) <= 4e-7 * std::abs(expected) + 1e-37);
    }
  };
  check(
      kernels::Unary::exp, [](double v) { return std::exp(v); }, x);
  check(
      kernels::Unary::tanh, [](double v) { return std::tanh(v); }, x);
  check(
      kernels::Unary::erf, [](double v) { return std::erf(v); }, x);
  check(
      kernels::Unary::log, [](double v) { return std::log(v); }, xt::xarray<float>(xt::exp(5 * x)));
  check(
      kernels::Unary::log, [](double v) { return std::log(v); }, xt::xarray<float>(1 + 0.05f * x));
  check(
      kernels::Unary::sqrt, [](double v) { return std::sqrt(v); }, xt::xarray<float>(x + 8));
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const auto special = output_of<float>(UnaryFunction(kernels::Unary::log), xt::xarray<float>{{0, infinity, -1, NAN}});
  CHECK(special(0, 0) == -infinity);
  CHECK(special(0, 1) == infinity);
  CHECK(std::isnan(special(0, 2)));
  CHECK(std::isnan(special(0, 3)));
}

TEST_CASE("broadcasting goes over tiles and odd shapes") {
  // Longer than what is computed at a time, in each way that an operand can lie.
  struct Pair {
    Shape a, b;
  };
  for (const Pair& the : {Pair{{1300}, {1300}}, Pair{{1300}, {1}}, Pair{{1}, {1300}}, Pair{{3, 700}, {700}},
                          Pair{{3, 700}, {3, 1}}, Pair{{700, 1}, {1, 3}}, Pair{{2, 3, 4, 5}, {1, 3, 1, 5}},
                          Pair{{2, 3, 4, 5}, {2, 1, 4, 1}}, Pair{{5}, {2, 3, 4, 1}}}) {
    INFO(the.a.to_string() << " and " << the.b.to_string());
    LayerHarness<double> harness(Multiply(), Shapes{the.a, the.b}, 2);
    const Array a = normal_array<double>(the.a.with_batch(2), 1);
    const Array b = normal_array<double>(the.b.with_batch(2), 2);
    // xtensor's broadcasting aligns the last axes: axes are put behind the batch by hand.
    const auto aligned = [&](const Array& x) {
      std::vector<std::size_t> shape{2};
      for (std::size_t i = x.dimension(); i <= harness.output_shape().rank(); ++i) shape.push_back(1);
      shape.insert(shape.end(), x.shape().begin() + 1, x.shape().end());
      Array result = x;
      result.reshape(shape);
      return result;
    };
    const Array full_a = aligned(a), full_b = aligned(b);
    const Array y = harness.forward({view_of(a), view_of(b)});
    CHECK(close(y, full_a * full_b));
    const Array dy = normal_array<double>(shape_of(y), 3);
    harness.backward(view_of(dy));
    const auto expected = [&](const Array& other, const Array& own) {
      std::vector<std::size_t> repeated;
      const Array whole = dy * other;
      for (std::size_t axis = 1; axis < own.dimension(); ++axis) {
        if (own.shape()[axis] != whole.shape()[axis]) repeated.push_back(axis);
      }
      return repeated.empty() ? whole : Array(xt::sum(whole, repeated));
    };
    for (const std::size_t k : {std::size_t{0}, std::size_t{1}}) {
      const Array gradient = harness.input_gradient(k);
      const Array reference = k == 0 ? expected(full_b, full_a) : expected(full_a, full_b);
      CHECK(gradient.size() == reference.size());
      CHECK(std::equal(gradient.begin(), gradient.end(), reference.begin(),
                       [](double found, double sum) { return std::abs(found - sum) < 1e-10; }));
    }
  }
}

TEST_CASE("operations on shapes that do not fit are refused in words") {
  const Tensor x(Shape{3, 4}), y(Shape{2, 4}), v(Shape{4});
  CHECK(message([&] { x + y; }) ==
        "Add: expected inputs of shapes that broadcast to one, got (None, 3, 4) and "
        "(None, 2, 4) with 3 and 2 in one place; an axis of extent 1 is repeated");
  CHECK(message([&] { Add()(x); }) == "Add: expected two inputs or more, got 1");
  CHECK(message([&] { Subtract()({x, x, x}); }) == "Subtract: expected two inputs, got 3");
  CHECK(message([&] { ops::sum(x, 0); }) ==
        "Reduction: axis 0 is the batch, which cannot be reduced; expected an axis "
        "from 1 to 2, or from -1 to -2");
  CHECK(message([&] { ops::sum(x, -3); }).find("axis -3 is the batch") != std::string::npos);
  CHECK(message([&] { ops::max(x, 3); }) == "Reduction: expected an input that has axis 3, got (None, 3, 4)");
  CHECK(message([&] {
          ops::concatenate({x, y}, 0);
        }).find("is the batch, which cannot be concatenated") != std::string::npos);
  CHECK(message([&] {
          ops::concatenate({x, y});
        }) == "Concatenate: expected inputs whose shapes differ along axis -1 only, got (None, 3, 4) and (None, 2, 4)");
  CHECK(message([&] { ops::matmul(x, x); }) ==
        "MatMul: expected as many rows in the second input as columns in the "
        "first, got (None, 3, 4) and (None, 3, 4)");
  CHECK(message([&] { ops::matmul(x, v); }).find("expected samples of two axes or more") != std::string::npos);
  CHECK(message([&] {
          ops::transpose(x, {1, 0, 2});
        }) ==
        "ops::transpose: expected axes that begin with 0, the batch, "
        "which cannot be moved, got 1 first");
  CHECK(message([&] {
          ops::transpose(x, {0, 1});
        }) == "Permute: expected an input of 1 axes besides the batch, got (None, 3, 4)");
  CHECK(message([&] { ops::transpose(x, {0, 1, 1}); }).find("2 is not among them") != std::string::npos);
  CHECK(message([&] { ops::reshape(x, {12}); }).find("begins with -1, the batch, got 12 first") != std::string::npos);
  CHECK(message([&] {
          ops::reshape(x, {-1, 5});
        }).find("Reshape: expected an input of 5 elements") != std::string::npos);
  CHECK(message([&] { ops::expand_dims(x, 0); }).find("as the batch stays in front, got 0") != std::string::npos);
  CHECK(message([&] { ops::squeeze(x, 1); }).find("expected an axis of extent 1") != std::string::npos);
  CHECK(message([&] { ops::split(x, 2, 1); }).find("sections that divide the extent 3 of axis 1, got 2") !=
        std::string::npos);
  CHECK(message([&] { ops::take(x, {4}, -1); }) == "Take: expected indices below 4, the extent of axis -1, got 4");
  CHECK(message([&] { ops::getitem(x, {0}); }).find("takes all of the batch, which is axis 0, got \"0\" first") !=
        std::string::npos);
  CHECK(message([&] {
          ops::getitem(x, {ops::slice(), 3});
        }) == "GetItem: expected an element of axis 1, which has 3, got 3");
  CHECK(message([&] {
          ops::getitem(x, {ops::slice(), ops::slice(2, 1)});
        }) == "GetItem: expected a slice with elements, got \"2:1\" of axis 1, which has 3");
  CHECK(message([&] {
          ops::getitem(x, {ops::slice(), 0, 0, 0});
        }) == "GetItem: expected an index of at most 3 entries for an input (None, 3, 4), got 4");
  CHECK(message([&] {
          ops::getitem(x, {ops::ellipsis, ops::ellipsis});
        }).find("one ellipsis at most") != std::string::npos);
  CHECK(message([&] { ops::clip(x, 2, 1); }).find("x_min of at most x_max") != std::string::npos);
  CHECK(message([&] {
          Dot(1)({x, y});
        }).find("Dot: expected axes of one extent, got 3 along axis 1") != std::string::npos);
  CHECK(message([&] { Dot({1, 2, 3}); }) == "Dot: expected one axis or two, got 3");
  CHECK(message([&] { Reduction("median"); }).find("got \"median\"") != std::string::npos);
  CHECK(message([&] {
          Residual({Dense(5)})(x);
        }).find("Residual: expected layers that make (None, 3, 4) of it, as the input is added, got (None, 3, 5)") !=
        std::string::npos);
  CHECK(message([&] {
          TimeDistributed(Dense(5))(v);
        }).find("expected an input (batch, steps, ...) of three axes or more, got (None, 4)") != std::string::npos);
}

TEST_CASE("entries of an index are read as Python writes them") {
  for (const char* entry : {"3", "-2", ":", "1:", ":5", "1:5", "::2", "-1::-2", "1:5:2", "...", "None"}) {
    CHECK(Index::parse(entry).to_string() == entry);
  }
  for (const char* entry : {"", "x", "1:x", "1:2:3:4", "1 :2", "..", "1.5"}) {
    INFO(entry);
    CHECK_THROWS_AS(Index::parse(entry), ValueError);
  }
}

TEST_CASE("a model with operations comes back from a file") {
  const TemporaryFolder folder;
  const Tensor x(Shape{6, 4}, "x");
  Tensor h = Dense(4)(x);
  h = (h - ops::mean(h, -1, true)) / ops::sqrt(ops::var(h, -1, true) + 1e-3);
  h = ops::where(ops::greater(h, 0), ops::sigmoid(h) * h, 0.1);
  const auto parts = ops::split(h, 2, 1);
  h = ops::matmul(ops::transpose(parts[0], {0, 2, 1}), parts[1]);
  h = ops::concatenate(
      {h, ops::power(2, ops::clip(h, -1, 1)), ops::stack({ops::max(h, 1), ops::log_softmax(ops::min(h, 1))}, 1)}, 1);
  h = ops::getitem(h, {ops::slice(), ops::slice(1, {}, 2), ops::new_axis, ops::slice({}, {}, -1)});
  h = ops::take(ops::squeeze(h), {0, 3, 1}, 2);
  Model model(x, Dense(2)(Flatten()(TimeDistributed(Residual({Dense(3, relu), Dense(3)}))(h))));
  model.compile({.optimizer = SGD(0.01), .loss = MeanSquaredError()});
  const Dataset data(normal_array({20, 6, 4}, 1), normal_array({20, 2}, 2));
  model.fit(data, {.epochs = 1, .batch_size = 8, .verbose = 0});
  save(model, folder / "model");
  Model loaded = load(folder / "model");
  CHECK(loaded.layers() == model.layers());
  CHECK(loaded.weight_names() == model.weight_names());
  CHECK(same_values(loaded.predict(data), model.predict(data)));
  CHECK(same_values(load(folder / "model", inference).predict(data), model.predict(data)));
  CHECK(loaded.summary_text() == model.summary_text());
  loaded.fit(data, {.epochs = 1, .batch_size = 8, .verbose = 0});
  model.fit(data, {.epochs = 1, .batch_size = 8, .verbose = 0});
  CHECK(same_values(loaded.predict(data), model.predict(data)));
}

namespace {

/// A block written forward only.
struct SqueezeExcite : Callable<SqueezeExcite> {
  static constexpr std::string_view type_name = "SqueezeExcite";
  std::int64_t units = 2;
  void fields(Fields& list) { list("units", units); }

  Tensor call(const Tensor& x) const {
    const Tensor weights = Dense(x.shape().back(), sigmoid)(Dense(units, relu)(ops::mean(x, {1, 2})));
    return x * ops::reshape(weights, {-1, 1, 1, x.shape().back()});
  }
};

}  // namespace

TEST_CASE("a block of one's own is a layer, is differentiated, and comes back from a file") {
  const TemporaryFolder folder;
  register_layer<SqueezeExcite>();
  Sequential model{Input({4, 4, 3}), SqueezeExcite{{}, 2}, Flatten(), Dense(2)};
  CHECK(model.weight_names() == std::vector<std::string>{"squeeze_excite/dense/kernel", "squeeze_excite/dense/bias",
                                                         "squeeze_excite/dense_1/kernel", "squeeze_excite/dense_1/bias",
                                                         "dense/kernel", "dense/bias"});
  model.compile({.optimizer = SGD(0.01), .loss = MeanSquaredError()});
  const Dataset data(normal_array({12, 4, 4, 3}, 1), normal_array({12, 2}, 2));
  const auto history = model.fit(data, {.epochs = 5, .verbose = 0});
  CHECK(history["loss"].back() < history["loss"].front());
  save(model, folder / "model");
  CHECK(same_values(load(folder / "model").predict(data), model.predict(data)));
}

TEST_CASE("TimeDistributed computes each step as the layer does alone") {
  const Tensor x(Shape{3, 5, 5, 2});
  BasicModel<float> model(x, TimeDistributed(Conv2D(4, 3, relu))(x));
  CHECK(model.output_shape() == Shape{3, 3, 3, 4});
  CHECK(model.weight_names() ==
        std::vector<std::string>{"time_distributed/conv2d/kernel", "time_distributed/conv2d/bias"});
  const auto sequence = normal_array({4, 3, 5, 5, 2}, 1);
  Sequential alone{Input({5, 5, 2}), Conv2D(4, 3, relu)};
  alone.weight("conv2d/kernel") = model.weight("time_distributed/conv2d/kernel");
  xt::xarray<float> steps = sequence;
  steps.reshape({12, 5, 5, 2});
  xt::xarray<float> expected = alone.predict(steps);
  expected.reshape({4, 3, 3, 3, 4});
  CHECK(xt::allclose(model.predict(sequence, {.batch_size = 3}), expected, 1e-5, 1e-6));
}

TEST_CASE("a Lambda is a layer, and a model with one says that it cannot be saved") {
  const TemporaryFolder folder;
  Sequential model{Input({3}), Lambda([](const Tensor& x) { return ops::exp(x) * 0.5; })};
  const auto x = normal_array({4, 3}, 1);
  CHECK(xt::allclose(model.predict(x), 0.5f * xt::exp(x), 1e-5, 1e-6));
  CHECK(message([&] { save(model, folder / "model"); }).find("Lambda") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder / "model"));
}
