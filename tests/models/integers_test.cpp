// Inputs of int32 numbers, which stay exact up to the layer that reads them.

#include <cstdint>
#include <limits>
#include <vector>

#include <nacre/layers/layers.hpp>
#include <nacre/losses/losses.hpp>
#include <nacre/models/network.hpp>
#include <nacre/saving/saving.hpp>

#include "models/model_testing.hpp"
#include "saving/saving_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

constexpr std::int32_t large = (1 << 24) + 1;  // which float does not have
constexpr std::int32_t largest = std::numeric_limits<std::int32_t>::max();

/// output = the numbers' remainder by 10: what is left of those that are not exact is wrong.
struct LastDigit : Callable<LastDigit> {
  static constexpr std::string_view type_name = "LastDigit";

  Shape build(const Shape& input, LayerBuilder& builder) const {
    require<ValueError>(builder.take_integers(), "expected int32 numbers");
    builder.backward_reads({.inputs = false, .output = false});
    return input;
  }
  template <class T>
  void forward(const Forward<T>& step) const {
    for (std::int64_t i = 0; i < step.output.extents().size(); ++i) {
      step.output.elements()[i] = static_cast<T>(step.integers()[i] % 10);
    }
  }
  template <class T>
  void backward(const Backward<T>&) const {}
};

const Input ids({2}, {.dtype = "int32"});

template <class T>
xt::xarray<T> three_samples() {
  return {{T(large), T(12)}, {T(large + 2), T(-7)}, {T(largest), T(0)}};
}

const xt::xarray<float> digits{{7, 2}, {9, -7}, {7, 0}};

}  // namespace

TEST_CASE("integers are exact from the data to the layer that reads them") {
  const Model model(ids, LastDigit()(ids));
  CHECK(same_values<float>(model.predict(three_samples<std::int32_t>()), digits));
  CHECK(same_values<float>(model.predict(three_samples<std::int64_t>()), digits));
  CHECK(same_values<float>(model.predict(three_samples<double>()), digits));
  CHECK(same_values<float>(model.predict(three_samples<std::int32_t>(), {.batch_size = 2}), digits));
  const BasicModel<double> wide(ids, LastDigit()(ids));
  CHECK(same_values<double>(wide.predict(three_samples<std::int32_t>()), xt::cast<double>(digits)));
}

TEST_CASE("layers that share their input's memory, and Take, pass integers on") {
  const auto flat = LastDigit()(Identity()(Flatten()(Reshape({1, 2})(ids))));
  CHECK(same_values<float>(Model(ids, flat).predict(three_samples<std::int32_t>()), digits));
  const auto second = LastDigit()(ops::take(ids, {1, 0}, 1));
  CHECK(same_values<float>(Model(ids, second).predict(three_samples<std::int32_t>()), {{2, 7}, {-7, 9}, {0, 7}}));
}

TEST_CASE("integers are trained on and evaluated") {
  Sequential model{Input({2}, {.dtype = "int32"}), LastDigit(), Dense(1)};
  model.compile({.optimizer = SGD(0.001), .loss = MeanSquaredError()});
  const xt::xarray<float> y = column({7, 9, 7});
  const double before = model.evaluate(three_samples<std::int32_t>(), y)["loss"];
  model.fit(three_samples<std::int32_t>(), y, {.epochs = 20, .batch_size = 2, .verbose = 0});
  CHECK(model.evaluate(three_samples<std::int32_t>(), y)["loss"] < 0.5 * before);
  CHECK_NOTHROW(model.gradients(three_samples<std::int32_t>(), y));
  CHECK_THROWS_WITH(model.gradients(three_samples<std::int32_t>(), y, {.by_input = true}),
                    ContainsSubstring("expected an input of floating numbers for by_input, got one of int32 numbers"));
}

TEST_CASE("inputs of integers and of floating numbers go together") {
  const Input number({1});
  const Model model({ids, number}, Concatenate()({LastDigit()(ids), number}));
  const xt::xarray<float> floats = column({0.5, 1.5, 2.5});
  CHECK(same_values<float>(model.predict(Dataset(Columns{three_samples<std::int32_t>(), floats})),
                           {{7, 2, 0.5F}, {9, -7, 1.5F}, {7, 0, 2.5F}}));
}

TEST_CASE("numbers that are no int32 ones are refused") {
  const Model model(ids, LastDigit()(ids));
  CHECK_THROWS_WITH(model.predict(xt::xarray<float>{{1, 2}, {3, 4.5F}}),
                    ContainsSubstring("expected int32 numbers, as the Input says: whole ones below 2147483648, got 4.5 "
                                      "at sample 1"));
  CHECK_THROWS_WITH(model.predict(xt::xarray<std::int64_t>{{1, 2}, {3, std::int64_t{1} << 31}}),
                    ContainsSubstring("at sample 1"));
  CHECK_THROWS_AS(model.predict(xt::xarray<double>{{0, std::numeric_limits<double>::quiet_NaN()}}), ValueError);
  CHECK_THROWS_AS(model.predict(Dataset(three_samples<std::int32_t>()).with_scale(0.5)), ValueError);
  CHECK_THROWS_WITH(Input({2}, {.dtype = "int64"}),
                    ContainsSubstring("Input: expected dtype float32 or int32, got \"int64\""));
}

TEST_CASE("layers that need floating numbers say so") {
  CHECK_THROWS_WITH(Dense(2)(ids), ContainsSubstring("Dense: expected floating numbers, got int32 ones"));
  CHECK_THROWS_AS(relu(ids), ValueError);
  CHECK_THROWS_AS(Masking()(ids), ValueError);
  CHECK_THROWS_AS(Dropout(0.5)(ids), ValueError);
  CHECK_THROWS_AS(ActivityRegularization()(ids), ValueError);
  CHECK_THROWS_AS(Concatenate()({ids, ids}), ValueError);
  CHECK_THROWS_WITH(Model(ids, Flatten()(ids)), ContainsSubstring("output 0: expected floating numbers"));
  CHECK_THROWS_WITH((Sequential{Input({2}, {.dtype = "int32"}), Dense(1)}),
                    ContainsSubstring("layer 0 \"dense\" (Dense): expected floating numbers"));
}

TEST_CASE("one_hot takes integers exactly, and too many classes of floating numbers not at all") {
  const xt::xarray<float> rows{{{0, 1, 0}, {0, 0, 0}}};
  CHECK(same_values<float>(Model(ids, ops::one_hot(ids, 3)).predict(xt::xarray<std::int32_t>{{1, large}}), rows));
  const Input floats({2});
  CHECK_THROWS_WITH(ops::one_hot(floats, large),
                    ContainsSubstring("expected at most 2^24 classes of floating numbers"));
}

TEST_CASE("class numbers that float does not have are no targets") {
  const Input x({large});
  Model model(x, relu(x));
  model.compile({.optimizer = SGD(0.1), .loss = SparseCategoricalCrossentropy()});
  const Dataset data(Column(std::vector<std::uint8_t>(large), 1, {large}), Column(std::vector{large - 1}, 1, {}));
  CHECK_THROWS_WITH(model.evaluate(data), ContainsSubstring("expected at most 2^24 classes, as targets beyond are not "
                                                            "exact in float, got 16777217"));
}

TEST_CASE("models with inputs of integers are saved, built again and made parts of others") {
  const TemporaryFolder folder;
  register_layer<LastDigit>();
  Sequential chain{Input({2}, {.dtype = "int32"}), LastDigit()};
  chain.build({2});
  CHECK(same_values<float>(chain.predict(three_samples<std::int32_t>()), digits));
  const Input number({2});
  const Model graph({ids, number}, Add()({chain(ids), number}));
  save(chain, folder / "chain");
  save(graph, folder / "graph");
  CHECK(same_values<float>(load(folder / "chain").predict(three_samples<std::int32_t>()), digits));
  const Dataset both(Columns{three_samples<std::int32_t>(), xt::xarray<float>(0.0F * digits)});
  CHECK(same_values<float>(load(folder / "graph").predict(both), digits));
  const Model inner(chain.inputs(), chain.output_of("last_digit"));
  CHECK(same_values<float>(inner.predict(three_samples<std::int32_t>()), digits));
}
