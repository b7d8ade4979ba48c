// A layer of the user's own: a plain struct, written with xtensor expressions.

#include <nacre/layers/check_gradients.hpp>
#include <nacre/layers/layer.hpp>

#include <tuple>

#include "layer_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

struct Scale {
  static constexpr std::string_view type_name = "Scale";
  double factor = 2.0;
  void fields(Fields& list) { list("factor", factor); }

  Shape build(const Shape& input, LayerBuilder&) const { return input; }
  template <class T>
  void forward(const Forward<T>& step) const {
    step.output = T(factor) * step.input;
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    step.input_gradient = T(factor) * step.output_gradient;
  }
};

/// The least that a layer may be.
struct Identity {
  static constexpr std::string_view type_name = "Identity";
  Shape build(const Shape& input, LayerBuilder&) const { return input; }
  void forward(const auto& step) const { step.output = step.input; }
  void backward(const auto& step) const { step.input_gradient = step.output_gradient; }
};

}  // namespace

static_assert(detail::check_layer<Scale>());
static_assert(detail::check_layer<Identity>());
static_assert(std::is_convertible_v<Scale, Layer>);

TEST_CASE("a plain struct is a layer") {
  const auto x = normal_array({3, 4, 2});
  CHECK(same_values(output_of<float>(Scale{3}, x), xt::xarray<float>(3.f * x)));
  CHECK(same_values(output_of<float>(Identity{}, x), x));
  CHECK(check_gradients(Scale{0.5}, {4, 2}, {.vary = false}).elements == 24);
  CHECK(check_gradients(Identity{}, {4, 2}).worst < 1e-6);
}

TEST_CASE("its fields are shown, compared, copied and read back") {
  const Layer layer = Scale{3};
  CHECK(layer.to_string() == "Scale(factor=3)");
  CHECK(layer == Layer(Scale{3}));
  CHECK(layer != Layer(Scale{4}));
  CHECK(layer != Layer(Identity{}));
  Layer copy = layer;
  copy.get_if<Scale>()->factor = 5;
  CHECK(layer.get_if<Scale>()->factor == 3);
  CHECK(layer.get_if<Identity>() == nullptr);
  CHECK(layer.name().empty());
}

TEST_CASE("once registered it is found by name") {
  const Config config = Layer(Scale{7}).config();
  CHECK_THROWS_WITH(Registry<Layer>::make(config), ContainsSubstring("no class \"Scale\" is registered"));
  register_layer<Scale>();
  CHECK(Registry<Layer>::make(config) == Layer(Scale{7}));
  CHECK(Registry<Layer>::make(config).get_if<Scale>()->factor == 7);
}
