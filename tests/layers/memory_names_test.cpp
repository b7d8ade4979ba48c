// The names by which layers find what they asked for.

#include <nacre/initializers/initializers.hpp>
#include <nacre/layers/harness.hpp>
#include <nacre/layers/memory_names.hpp>

#include "layer_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

/// A layer of which options leave out what it asks for, and which asks in an order of its own.
struct Named {
  static constexpr std::string_view type_name = "Named";
  enum class Weights { first, second, third };
  enum class Buffers { kept, unused };

  bool has_first = true;
  int fault = 0;
  void fields(Fields& list) { list("has_first", has_first); }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.weight(Weights::third, "third", input, Constant{3}, false);
    builder.weight(Weights::second, "second", input, Constant{2});
    if (has_first) builder.weight(Weights::first, "first", input, Constant{1});
    if (fault == 1) builder.weight(Weights::second, "again", input, Zeros());
    if (fault == 2) builder.weight("unnamed", input, Zeros());
    builder.buffer(Buffers::kept, builder.batch() * input.size());
    return input;
  }
  template <class T>
  void forward(const Forward<T>& step) const {
    if (fault == 3) step.buffer(Buffers::unused)[0] = 0;
    if (fault == 4) step.buffer(Weights::first)[0] = 0;
    const T first = has_first || fault == 5 ? step.weight(Weights::first).elements()[0] : T(0);
    const T sum = first + step.weight(Weights::second).elements()[0] * 10 +
                  step.non_trainable_weight(Weights::third).elements()[0] * 100;
    REQUIRE(step.has_buffer(Buffers::kept));
    REQUIRE_FALSE(step.has_buffer(Buffers::unused));
    step.output = step.input * sum;
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    step.gradient(Weights::second).fill(T(2));
    if (has_first) step.gradient(Weights::first).fill(T(1));
    step.input_gradient = step.output_gradient;
  }
};

double run(const Named& layer) {
  const xt::xarray<double> x = xt::ones<double>({1, 1});
  LayerHarness<double> harness(layer, {1}, 1);
  return harness.forward(view_of(x)).elements()[0];
}

}  // namespace

TEST_CASE("weights are found by their names, whatever was asked for before them") {
  CHECK(run({}) == 321);
  CHECK(run({.has_first = false}) == 320);
  const xt::xarray<double> x = xt::ones<double>({1, 1});
  LayerHarness<double> harness(Named(), {1}, 1);
  harness.forward(view_of(x));
  harness.backward(view_of(x));
  CHECK(harness.gradient(1).elements()[0] == 2);  // in the order of the requests
  CHECK(harness.gradient(2).elements()[0] == 1);
}

TEST_CASE("names that are taken, missing or of another enumeration are refused") {
  CHECK_THROWS_WITH(run({.fault = 1}), ContainsSubstring("build: asked twice for number 1 of its names"));
  CHECK_THROWS_WITH(run({.fault = 2}), ContainsSubstring("build: asked by names of two enumerations"));
  CHECK_THROWS_WITH(run({.fault = 3}), ContainsSubstring("step.buffer(1): expected a name by which build asked"));
  CHECK_THROWS_WITH(run({.has_first = false, .fault = 5}),
                    ContainsSubstring("step.weight(0): expected a name by which build asked for one"));
  CHECK_THROWS_WITH(run({.fault = 4}), ContainsSubstring("step.buffer(0): expected a name of the enumeration that "
                                                         "build used"));
}

TEST_CASE("without names, requests are numbered") {
  MemoryNames names;
  names.add();
  names.add();
  CHECK(names.find("buffer", 1) == 1);
  CHECK_THROWS_WITH(names.find("buffer", 2),
                    ContainsSubstring("step.buffer(2): expected an index below 2, as many as build asked for"));
}
