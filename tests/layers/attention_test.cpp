// Attention of several heads: against the formula written down plainly, masks, groups, errors.

#include <cmath>
#include <vector>

#include <nacre/layers/layers.hpp>
#include <nacre/models/sequential.hpp>

#include "layer_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

/// The result of a layer of attention, computed number by number.
struct PlainAttention {
  std::int64_t heads, value_heads, dim;
  std::int64_t queries, keys, features;
  const LayerHarness<double>& layer;

  /// Product of a row of features with a head's part of weight `w`, (features, heads, dim).
  double project(const double* x, std::size_t w, std::int64_t count, std::int64_t head, std::int64_t k) const {
    double sum = layer.weight(w + 1).elements()[head * dim + k];
    for (std::int64_t f = 0; f < features; ++f) {
      sum += x[f] * layer.weight(w).elements()[(f * count + head) * dim + k];
    }
    return sum;
  }

  template <class Sees>
  double output(const double* query, const double* value, std::int64_t t, std::int64_t column, Sees sees) const {
    double sum = layer.weight(7).elements()[column];
    for (std::int64_t head = 0; head < heads; ++head) {
      const std::int64_t shared = head / (heads / value_heads);
      std::vector<double> weights(static_cast<std::size_t>(keys));
      double total = 0;
      for (std::int64_t s = 0; s < keys; ++s) {
        double score = 0;
        for (std::int64_t k = 0; k < dim; ++k) {
          score += project(query + t * features, 0, heads, head, k) *
                   project(value + s * features, 2, value_heads, shared, k);
        }
        weights[static_cast<std::size_t>(s)] = sees(t, s) ? std::exp(score / std::sqrt(static_cast<double>(dim))) : 0;
        total += weights[static_cast<std::size_t>(s)];
      }
      for (std::int64_t s = 0; s < keys; ++s) {
        for (std::int64_t k = 0; k < dim; ++k) {
          sum += weights[static_cast<std::size_t>(s)] / total *
                 project(value + s * features, 4, value_heads, shared, k) *
                 layer.weight(6).elements()[(head * dim + k) * features + column];
        }
      }
    }
    return sum;
  }
};

template <class Sees>
void check_attention(const Layer& made, std::int64_t heads, std::int64_t value_heads, std::int64_t dim,
                     List<HarnessMask> masks, Sees sees) {
  const std::int64_t queries = 4, keys = 5, features = 3;
  LayerHarness<double> layer(made, Shapes{{queries, features}, {keys, features}}, 2, 0, std::move(masks));
  for (std::size_t i = 0; i < layer.weight_specs().size(); ++i) {
    const auto drawn = normal_array<double>(layer.weight(i).extents(), 20 + i);
    std::copy(drawn.begin(), drawn.end(), layer.weight(i).elements());
  }
  const auto query = normal_array<double>({2, queries, features}, 1);
  const auto value = normal_array<double>({2, keys, features}, 2);
  const auto& y = layer.forward(List<TensorView<const double>>{view_of(query), view_of(value)});
  const PlainAttention plain{heads, value_heads, dim, queries, keys, features, layer};
  for (std::int64_t sample = 0; sample < 2; ++sample) {
    for (std::int64_t t = 0; t < queries; ++t) {
      for (std::int64_t column = 0; column < features; ++column) {
        const double expected = plain.output(query.data() + sample * queries * features,
                                             value.data() + sample * keys * features, t, column, sees);
        CHECK(y.elements()[(sample * queries + t) * features + column] == Approx(expected));
      }
    }
  }
}

bool always(std::int64_t, std::int64_t) { return true; }

}  // namespace

TEST_CASE("MultiHeadAttention computes its formula") { check_attention(MultiHeadAttention(2, 3), 2, 2, 3, {}, always); }

TEST_CASE("GroupQueryAttention shares keys and values among neighbouring heads") {
  check_attention(GroupQueryAttention(2, 4, 2), 4, 2, 2, {}, always);
}

TEST_CASE("with a causal mask a query sees its own step and those before") {
  check_attention(MultiHeadAttention(2, 3, {.use_causal_mask = true}), 2, 2, 3, {},
                  [](std::int64_t t, std::int64_t s) { return s <= t; });
}

TEST_CASE("masked values are not seen") {
  const std::vector<std::uint8_t> whole(8, 1), some{1, 0, 1, 1, 0, 1, 0, 1, 1, 0};
  check_attention(MultiHeadAttention(2, 3, {.use_causal_mask = true}), 2, 2, 3, {{{4}, whole}, {{5}, some}},
                  [](std::int64_t t, std::int64_t s) { return s <= t && s != 1 && s != 4; });
}

TEST_CASE("an attention mask says what each query sees") {
  const SymbolicTensor x = Input({3, 2}, {.name = "x"}), mask = Input({3, 3}, {.name = "mask"});
  const Model masked({x, mask}, MultiHeadAttention(2, 2, {.name = "a"})({x, x, x, mask}));
  const SymbolicTensor z = Input({3, 2}, {.name = "x"});
  Model causal(z, MultiHeadAttention(2, 2, {.use_causal_mask = true, .name = "a"})({z, z}));
  for (const std::string& name : causal.weight_names()) causal.weight(name) = masked.weight(name);
  const auto data = normal_array({2, 3, 2});
  xt::xarray<float> lower = xt::zeros<float>({2, 3, 3});
  for (std::size_t sample = 0; sample < 2; ++sample) {
    for (std::size_t t = 0; t < 3; ++t) {
      for (std::size_t k = 0; k <= t; ++k) lower(sample, t, k) = 1;
    }
  }
  CHECK(xt::allclose(masked.predict(Dataset(Columns{{"x", to_column(data)}, {"mask", to_column(lower)}})),
                     causal.predict(data), 1e-5, 1e-6));
}

TEST_CASE("attention scores are probabilities, and an output") {
  const SymbolicTensor x = Input({3, 4});
  const SymbolicTensor y = MultiHeadAttention(2, 2, {.return_attention_scores = true})({x, x});
  CHECK(y.shape() == Shape{3, 4});
  CHECK(y.output(1).shape() == Shape{2, 3, 3});
  const Model model(x, SymbolicTensors{y, y.output(1)});
  const auto scores = model.predict_all(Dataset(normal_array({5, 3, 4})))[1];
  const xt::xarray<float> sums = xt::sum(scores, {3});
  CHECK(xt::allclose(sums, xt::ones<float>({5, 2, 3})));
}

TEST_CASE("attention along one axis works on each place of the axes before it alone") {
  const SymbolicTensor x = Input({3, 4, 2}), one = Input({4, 2});
  const Model model(x, MultiHeadAttention(2, 2, {.attention_axes = {2}})({x, x}));
  Model single(one, MultiHeadAttention(2, 2)({one, one}));
  for (const std::string& name : single.weight_names()) single.weight(name) = model.weight(name);
  const auto data = normal_array({2, 3, 4, 2});
  auto rows = data;
  rows.reshape({6, 4, 2});
  auto expected = single.predict(rows);
  expected.reshape({2, 3, 4, 2});
  CHECK(xt::allclose(model.predict(data), expected, 1e-5, 1e-6));
}

TEST_CASE("layers of attention refuse what they cannot compute") {
  CHECK_THROWS_WITH(MultiHeadAttention(0, 2), ContainsSubstring("num_heads"));
  CHECK_THROWS_WITH(GroupQueryAttention(2, 3, 2), ContainsSubstring("divide"));
  LayerBuilder builder;
  const Layer layer = MultiHeadAttention(2, 2);
  CHECK_THROWS_WITH(layer.build(Shapes{{3, 4}}, builder), ContainsSubstring("expected query and value"));
  CHECK_THROWS_WITH(layer.build(Shapes{{4}, {4}}, builder), ContainsSubstring("(batch, steps, features)"));
  CHECK_THROWS_WITH(layer.build(Shapes{{3, 4}, {5, 4}, {6, 4}}, builder), ContainsSubstring("the same steps"));
  CHECK_THROWS_WITH(
      Layer(MultiHeadAttention(2, 2, {.attention_axes = {1}})).build(Shapes{{3, 4, 5}, {3, 4, 5}}, builder),
      ContainsSubstring("Permute"));
}
