// EinsumDense: its equations against plain sums, and what it refuses.

#include <vector>

#include <nacre/layers/einsum_dense.hpp>
#include <nacre/layers/layers.hpp>

#include "layer_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

TEST_CASE("EinsumDense computes what its equation says") {
  LayerHarness<double> layer(EinsumDense("abc,dcb->ad", {4}, {.bias_axes = "d"}), {2, 3}, 2);
  CHECK(layer.weight(0).extents() == Shape{4, 3, 2});
  for (std::size_t w = 0; w < 2; ++w) {
    const auto drawn = normal_array<double>(layer.weight(w).extents(), 5 + w);
    std::copy(drawn.begin(), drawn.end(), layer.weight(w).elements());
  }
  const auto x = normal_array<double>({2, 2, 3});
  const auto& y = layer.forward(view_of(x));
  for (std::size_t a = 0; a < 2; ++a) {
    for (std::size_t d = 0; d < 4; ++d) {
      double sum = layer.weight(1).elements()[d];
      for (std::size_t b = 0; b < 2; ++b) {
        for (std::size_t c = 0; c < 3; ++c) sum += x(a, b, c) * layer.weight(0).elements()[(d * 3 + c) * 2 + b];
      }
      CHECK(y.elements()[a * 4 + d] == Approx(sum));
    }
  }
}

TEST_CASE("EinsumDense has Keras' shapes of weights") {
  CHECK(weights_of(EinsumDense("abc,cd->abd", {-1, 64}, {.bias_axes = "d"}), {32, 128}) ==
        "kernel (128, 64), bias (64,)");
  CHECK(weights_of(EinsumDense("abc,cde->abde", {-1, 2, 4}, {.bias_axes = "d"}), {3, 5}) ==
        "kernel (5, 2, 4), bias (2, 1)");
  CHECK(build(EinsumDense("...x,xy->...y", {-1, 7}), {3, 5}) == Shape{3, 7});
}

TEST_CASE("EinsumDense refuses what is no equation for its input") {
  CHECK_THROWS_WITH(build(EinsumDense("abc", {4}), {3, 5}), ContainsSubstring("expected an equation such as"));
  CHECK_THROWS_WITH(build(EinsumDense("ab,bc->ac", {4}), {3, 5}), ContainsSubstring("expected an input of the axes"));
  CHECK_THROWS_WITH(build(EinsumDense("ab,bc->ac", {4, 5}), {3}), ContainsSubstring("an output_shape of 1 extents"));
  CHECK_THROWS_WITH(build(EinsumDense("ab,bc->ac", {-1}), {3}),
                    ContainsSubstring("an extent in output_shape for axis c"));
  CHECK_THROWS_WITH(build(EinsumDense("ab,bc->ca", {4}), {3}), ContainsSubstring("the batch as first axis"));
  CHECK_THROWS_WITH(build(EinsumDense("ab,bc->ac", {4}, {.bias_axes = "x"}), {3}), ContainsSubstring("bias_axes"));
  CHECK_THROWS_WITH(build(EinsumDense("abc,bcd->abd", {-1, 4}), {3, 5}), ContainsSubstring("in either the input or"));
}
