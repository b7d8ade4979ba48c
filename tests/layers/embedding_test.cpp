// Embedding: rows of its table, masks, exact ids, the order in which gradients are added, errors.

#include <vector>

#include <nacre/layers/embedding.hpp>
#include <nacre/layers/layers.hpp>
#include <nacre/models/sequential.hpp>

#include "layer_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

TEST_CASE("Embedding takes the rows of its table") {
  const bool integers = GENERATE(true, false);
  LayerHarness<float> layer(Embedding(4, 2, {.mask_zero = true}), {3}, 2, 0, {}, integers);
  for (std::int64_t i = 0; i < 8; ++i) layer.weight(0).elements()[i] = static_cast<float>(i);
  const xt::xarray<float> ids{{3, 0, 3}, {1, 2, 0}};
  const xt::xarray<float> expected{{{6, 7}, {0, 1}, {6, 7}}, {{2, 3}, {4, 5}, {0, 1}}};
  CHECK(same_values<float>(layer.forward(view_of(ids)), expected));
  CHECK(layer.output_mask() == std::vector<std::uint8_t>{1, 0, 1, 1, 1, 0});

  const xt::xarray<float> gradient{{{1, 2}, {3, 4}, {5, 6}}, {{7, 8}, {9, 10}, {11, 12}}};
  layer.backward(view_of(gradient), false);
  const std::vector<float> sums{14, 16, 7, 8, 9, 10, 6, 8};
  CHECK(std::equal(sums.begin(), sums.end(), layer.gradient(0).elements()));
}

TEST_CASE("ids above 2^24 stay what they are") {
  const std::int64_t last = (std::int64_t{1} << 24) + 1;
  const SymbolicTensor x = Input({1}, {.dtype = "int32"});
  Model model(x, Embedding(last + 1, 1, {.embeddings_initializer = "zeros"})(x));
  model.weight("embedding/embeddings").elements()[last] = 5;
  const std::vector<std::int32_t> ids{static_cast<std::int32_t>(last), static_cast<std::int32_t>(last - 1)};
  const auto found = model.predict(Dataset(Columns{{"x", Column(ids, 2, {1})}}));
  CHECK(found.data()[0] == 5);
  CHECK(found.data()[1] == 0);
}

TEST_CASE("the gradients of a row are added in the order of the batch") {
  LayerHarness<float> layer(Embedding(2, 1), {4}, 1);
  const xt::xarray<float> ids{{1, 1, 1, 1}};
  layer.forward(view_of(ids), true);
  const xt::xarray<float> gradient{1e8f, 1, -1e8f, 1};
  layer.backward(view_of(gradient), false);
  CHECK(layer.gradient(0).elements()[1] == ((1e8f + 1.0f) - 1e8f) + 1.0f);
  CHECK(layer.gradient(0).elements()[0] == 0);
}

TEST_CASE("Embedding refuses ids outside its table") {
  LayerHarness<float> layer(Embedding(4, 2), {2}, 1);
  for (const float id : {-1.0f, 4.0f, std::numeric_limits<float>::quiet_NaN()}) {
    const xt::xarray<float> ids{{0, id}};
    CHECK_THROWS_AS(layer.forward(view_of(ids)), ValueError);
  }
  const xt::xarray<float> ids{{0, 9}};
  CHECK_THROWS_WITH(layer.forward(view_of(ids)), ContainsSubstring("expected ids from 0 to 3, got 9 at place 1"));
  CHECK_THROWS_WITH(Embedding(0, 2), ContainsSubstring("expected an input_dim"));
  CHECK_THROWS_WITH(Embedding(2, 0), ContainsSubstring("expected an output_dim"));
}
