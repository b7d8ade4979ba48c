// Recurrent layers: against their formulas written down plainly, states, masks, cells, both directions, errors.

#include <cmath>
#include <vector>

#include <nacre/layers/check_gradients.hpp>
#include <nacre/layers/layers.hpp>
#include <nacre/losses/mean_squared_error.hpp>
#include <nacre/models/sequential.hpp>
#include <nacre/saving/saving.hpp>

#include "layer_testing.hpp"
#include "saving/saving_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

double s(double x) { return 1 / (1 + std::exp(-x)); }

/// Column `j` of x kernel + h recurrent + bias.
double column(const LayerHarness<double>& layer, const std::vector<double>& x, const std::vector<double>& h,
              std::size_t j) {
  const std::size_t columns = static_cast<std::size_t>(layer.weight(0).extents()[1]);
  double sum = layer.weight(2).elements()[j];
  for (std::size_t k = 0; k < x.size(); ++k) sum += x[k] * layer.weight(0).elements()[k * columns + j];
  for (std::size_t k = 0; k < h.size(); ++k) sum += h[k] * layer.weight(1).elements()[k * columns + j];
  return sum;
}

void draw_weights(LayerHarness<double>& layer) {
  for (std::size_t i = 0; i < layer.weight_specs().size(); ++i) {
    const auto drawn = normal_array<double>(layer.weight(i).extents(), 20 + i);
    std::copy(drawn.begin(), drawn.end(), layer.weight(i).elements());
  }
}

std::vector<double> row_of(const xt::xarray<double>& values, std::size_t row, std::size_t size) {
  return {values.data() + row * size, values.data() + (row + 1) * size};
}

/// Steps `first`, `first` + `every`, ... before `last` of sequences (batch, steps, features).
template <class T>
xt::xarray<T> steps_of(const xt::xarray<T>& x, std::size_t first, std::size_t last, std::size_t every = 1) {
  const std::size_t steps = x.shape()[1], features = x.shape()[2];
  auto taken = xt::xarray<T>::from_shape({x.shape()[0], (last - first + every - 1) / every, features});
  T* to = taken.data();
  for (std::size_t sample = 0; sample < x.shape()[0]; ++sample) {
    for (std::size_t t = first; t < last; t += every) {
      to = std::copy_n(x.data() + (sample * steps + t) * features, features, to);
    }
  }
  return taken;
}

/// The first samples.
xt::xarray<float> first_of(const xt::xarray<float>& x, std::size_t samples) {
  auto shape = std::vector<std::size_t>(x.shape().begin(), x.shape().end());
  shape[0] = samples;
  auto taken = xt::xarray<float>::from_shape(shape);
  std::copy_n(x.data(), taken.size(), taken.data());
  return taken;
}

/// Two arrays of the same leading axes, one behind the other along the last one.
xt::xarray<float> side_by_side(const xt::xarray<float>& a, const xt::xarray<float>& b) {
  auto shape = std::vector<std::size_t>(a.shape().begin(), a.shape().end());
  const std::size_t width = shape.back();
  shape.back() *= 2;
  auto both = xt::xarray<float>::from_shape(shape);
  for (std::size_t i = 0; i < both.size(); ++i) {
    const std::size_t row = i / (2 * width), column = i % (2 * width);
    both.data()[i] = column < width ? a.data()[row * width + column] : b.data()[row * width + column - width];
  }
  return both;
}

/// A cell that adds up what it sees, halved each step; its output is twice its state.
struct Leaky : Callable<Leaky> {
  static constexpr std::string_view type_name = "Leaky";
  Shapes state_size() const { return {{2}}; }
  SymbolicTensors call(const SymbolicTensors& inputs) const {
    const SymbolicTensor next = inputs[0] + 0.5 * inputs[1];
    return {2.0 * next, next};
  }
};

/// A cell that is made of a layer.
struct Tiny : Callable<Tiny> {
  static constexpr std::string_view type_name = "Tiny";
  Shapes state_size() const { return {{2}}; }
  SymbolicTensors call(const SymbolicTensors& inputs) const {
    const SymbolicTensor next = Dense(2, activations::tanh)(Concatenate()(inputs));
    return {next, next};
  }
};

/// A model whose only layer is this one, for samples of that shape.
template <class L>
Model model_of(const L& layer, const Shape& input) {
  const SymbolicTensor x = Input(input);
  return Model(x, layer(x));
}

/// Gives `to` the weights of `from`, in their order.
void copy_weights(const Model& from, Model& to) {
  const auto theirs = from.weight_names(), own = to.weight_names();
  REQUIRE(theirs.size() == own.size());
  for (std::size_t i = 0; i < own.size(); ++i) to.weight(own[i]) = from.weight(theirs[i]);
}

}  // namespace

TEST_CASE("LSTM computes its formula") {
  LayerHarness<double> layer(LSTM(2, {.return_sequences = true, .return_state = true}), {3, 4}, 2);
  draw_weights(layer);
  const auto x = normal_array<double>({2, 3, 4});
  const auto& y = layer.forward(view_of(x));
  for (std::size_t sample = 0; sample < 2; ++sample) {
    std::vector<double> h(2), c(2);
    for (std::size_t t = 0; t < 3; ++t) {
      std::vector<double> z(8);
      for (std::size_t j = 0; j < 8; ++j) z[j] = column(layer, row_of(x, sample * 3 + t, 4), h, j);
      for (std::size_t u = 0; u < 2; ++u) {
        c[u] = s(z[2 + u]) * c[u] + s(z[u]) * std::tanh(z[4 + u]);
        h[u] = s(z[6 + u]) * std::tanh(c[u]);
        CHECK(y.elements()[(sample * 3 + t) * 2 + u] == Approx(h[u]));
      }
    }
    for (std::size_t u = 0; u < 2; ++u) {
      CHECK(layer.further_output(0).elements()[sample * 2 + u] == Approx(h[u]));
      CHECK(layer.further_output(1).elements()[sample * 2 + u] == Approx(c[u]));
    }
  }
}

TEST_CASE("GRU computes its formula, with the reset gate before and behind the product") {
  const bool after = GENERATE(true, false);
  LayerHarness<double> layer(GRU(2, {.reset_after = after}), {3, 4}, 2);
  draw_weights(layer);
  const auto x = normal_array<double>({2, 3, 4});
  const auto& y = layer.forward(view_of(x));
  const double* bias = layer.weight(2).elements();
  for (std::size_t sample = 0; sample < 2; ++sample) {
    std::vector<double> h(2);
    for (std::size_t t = 0; t < 3; ++t) {
      const auto features = row_of(x, sample * 3 + t, 4);
      std::vector<double> z(2), r(2), g(2);
      for (std::size_t u = 0; u < 2; ++u) {
        z[u] = s(column(layer, features, h, u) + (after ? bias[6 + u] : 0));
        r[u] = s(column(layer, features, h, 2 + u) + (after ? bias[8 + u] : 0));
      }
      const std::vector<double> reset{r[0] * h[0], r[1] * h[1]};
      for (std::size_t u = 0; u < 2; ++u) {
        const double from_input = column(layer, features, {}, 4 + u);
        const double from_state = column(layer, {}, after ? h : reset, 4 + u) - bias[4 + u];
        g[u] = std::tanh(from_input + (after ? r[u] * (from_state + bias[10 + u]) : from_state));
      }
      for (std::size_t u = 0; u < 2; ++u) h[u] = z[u] * h[u] + (1 - z[u]) * g[u];
    }
    for (std::size_t u = 0; u < 2; ++u) CHECK(y.elements()[sample * 2 + u] == Approx(h[u]));
  }
}

TEST_CASE("SimpleRNN computes its formula, backwards, too") {
  LayerHarness<double> layer(SimpleRNN(3, {.go_backwards = true}), {4, 2}, 1);
  draw_weights(layer);
  const auto x = normal_array<double>({1, 4, 2});
  std::vector<double> h(3);
  for (std::size_t t = 4; t-- > 0;) {
    std::vector<double> next(3);
    for (std::size_t u = 0; u < 3; ++u) next[u] = std::tanh(column(layer, row_of(x, t, 2), h, u));
    h = next;
  }
  const auto& y = layer.forward(view_of(x));
  for (std::size_t u = 0; u < 3; ++u) CHECK(y.elements()[u] == Approx(h[u]));
}

TEST_CASE("a batch, few samples and one give the same outputs") {
  const Model model = model_of(LSTM(20, {.return_sequences = true}), {40, 5});
  const auto x = normal_array({50, 40, 5});
  const auto together = model.predict(x);
  for (const std::size_t samples : {1u, 3u, 9u}) {
    const xt::xarray<float> few = first_of(x, samples);
    const xt::xarray<float> expected = first_of(together, samples);
    CHECK(xt::allclose(model.predict(few), expected, 1e-5, 1e-6));
  }
}

TEST_CASE("the forget gates' bias begins with 1, unless told otherwise") {
  LayerHarness<float> usual(LSTM(2), {3, 4}, 1), plain(LSTM(2, {.unit_forget_bias = false}), {3, 4}, 1);
  for (std::int64_t i = 0; i < 8; ++i) {
    CHECK(usual.weight(2).elements()[i] == (i == 2 || i == 3 ? 1.0f : 0.0f));
    CHECK(plain.weight(2).elements()[i] == 0.0f);
  }
}

TEST_CASE("a stateful layer goes on where the batch before ended") {
  for (const Layer& layer : {Layer(LSTM(3, {.return_sequences = true, .stateful = true})),
                             Layer(GRU(3, {.return_sequences = true, .stateful = true})),
                             Layer(SimpleRNN(3, {.return_sequences = true, .stateful = true})),
                             Layer(RNN(Leaky(), {.return_sequences = true, .stateful = true}))}) {
    const SymbolicTensor whole_input = Input({6, 2}), half_input = Input({3, 2});
    Model whole(whole_input, layer(whole_input)), halves(half_input, layer(half_input));
    copy_weights(whole, halves);
    const auto x = normal_array({2, 6, 2});
    const auto expected = whole.predict(x);
    const xt::xarray<float> first = steps_of(x, 0, 3);
    const xt::xarray<float> second = steps_of(x, 3, 6);
    INFO(layer.class_name());
    for (int time = 0; time < 2; ++time) {
      const auto begun = halves.predict(first);
      CHECK(xt::allclose(begun, steps_of(expected, 0, 3), 1e-5, 1e-6));
      CHECK(xt::allclose(halves.predict(second), steps_of(expected, 3, 6), 1e-5, 1e-6));
      halves.reset_states();
    }
  }
}

TEST_CASE("stateful layers have the derivatives of what they compute") {
  for (const Layer& layer : {Layer(LSTM(3, {.stateful = true})), Layer(GRU(3, {.stateful = true})),
                             Layer(SimpleRNN(3, {.return_sequences = true, .stateful = true}))}) {
    CHECK_NOTHROW(check_gradients(layer, {4, 2}, {.batch = 3}));
    CHECK_NOTHROW(check_gradients(layer, {4, 2}, {.batch = 3, .vary = false, .masked = true}));
  }
}

TEST_CASE("initial states and last states are inputs and outputs") {
  const SymbolicTensor x = Input({6, 2});
  Model whole(x, LSTM(3)(x));
  const SymbolicTensor a = Input({3, 2}, {.name = "a"}), b = Input({3, 2}, {.name = "b"});
  const SharedLayer lstm = shared(LSTM(3, {.return_state = true}));
  const SymbolicTensor first = lstm(a);
  Model parts({a, b}, lstm({b, first.output(1), first.output(2)}));
  copy_weights(whole, parts);
  const auto data = normal_array({4, 6, 2});
  const xt::xarray<float> begin = steps_of(data, 0, 3);
  const xt::xarray<float> end = steps_of(data, 3, 6);
  CHECK(xt::allclose(parts.predict(Dataset(Columns{{"a", to_column(begin)}, {"b", to_column(end)}})),
                     whole.predict(data), 1e-5, 1e-6));
}

TEST_CASE("masked steps keep the state, and repeat the output") {
  const bool zeros = GENERATE(true, false);
  LayerHarness<double> masked(LSTM(2, {.return_sequences = true, .zero_output_for_mask = zeros}), {5, 3}, 1, 0,
                              {{{5}, {0, 1, 0, 1, 0}}});
  LayerHarness<double> plain(LSTM(2, {.return_sequences = true}), {2, 3}, 1);
  const auto x = normal_array<double>({1, 5, 3});
  const xt::xarray<double> counted = steps_of(x, 1, 5, 2);
  const auto& y = masked.forward(view_of(x));
  const auto& expected = plain.forward(view_of(counted));
  const auto step = [](const TensorView<double>& values, std::int64_t t) {
    return std::vector<double>(values.elements() + 2 * t, values.elements() + 2 * t + 2);
  };
  const std::vector<double> none(2);
  CHECK(step(y, 0) == none);
  CHECK(step(y, 1) == step(expected, 0));
  CHECK(step(y, 2) == (zeros ? none : step(expected, 0)));
  CHECK(step(y, 3) == step(expected, 1));
  CHECK(step(y, 4) == (zeros ? none : step(expected, 1)));
}

TEST_CASE("a cell of one's own runs over a sequence") {
  const Model model = model_of(RNN(Leaky(), {.return_sequences = true}), {3, 2});
  const xt::xarray<float> x{{{1, 2}, {3, 4}, {5, 6}}};
  const xt::xarray<float> expected{{{2, 4}, {7, 10}, {13.5f, 17}}};
  CHECK(xt::allclose(model.predict(x), expected));
  const xt::xarray<float> backwards{{{10, 12}, {11, 14}, {7.5f, 11}}};
  CHECK(xt::allclose(model_of(RNN(Leaky(), {.return_sequences = true, .go_backwards = true}), {3, 2}).predict(x),
                     backwards));
  const SymbolicTensor input = Input({3, 2});
  const Model masked(input, RNN(Leaky(), {.return_sequences = true})(Masking()(input)));
  const xt::xarray<float> gap{{{0, 0}, {1, 2}, {0, 0}}};
  const xt::xarray<float> held{{{0, 0}, {2, 4}, {2, 4}}};
  CHECK(xt::allclose(masked.predict(gap), held));
}

TEST_CASE("the steps of a cell of one's own share its weights") {
  Model model = model_of(RNN(Tiny()), {4, 3});
  CHECK(model.weight_names() == std::vector<std::string>{"rnn/tiny/dense/kernel", "rnn/tiny/dense/bias"});
  model.compile({.optimizer = Adam(0.05), .loss = MeanSquaredError()});
  const auto x = normal_array({16, 4, 3}), y = normal_array({16, 2}, 2);
  const double before = model.evaluate(x, y)["loss"];
  model.fit(x, y, {.epochs = 30, .verbose = 0});
  CHECK(model.evaluate(x, y)["loss"] < 0.9 * before);
}

TEST_CASE("RNN runs nacre's cells as their layers do, alone and stacked") {
  const auto x = normal_array({5, 4, 3});
  const auto check = [&](const auto& rnn, const auto& layers) {
    Model model = model_of(rnn, {4, 3});
    const SymbolicTensor input = Input({4, 3});
    Model expected(input, layers(input));
    copy_weights(expected, model);
    CHECK(same_values(model.predict(x), expected.predict(x)));
  };
  check(RNN(LSTMCell(2)), LSTM(2));
  check(RNN(GRUCell(2, {.reset_after = false}), {.return_sequences = true, .go_backwards = true}),
        GRU(2, {.return_sequences = true, .go_backwards = true, .reset_after = false}));
  check(RNN({SimpleRNNCell(2), LSTMCell(4)}),
        [](const SymbolicTensor& input) { return LSTM(4)(SimpleRNN(2, {.return_sequences = true})(input)); });
}

TEST_CASE("cells compute one step of their layers") {
  const SymbolicTensor x = Input({3}, {.name = "x"}), h = Input({2}, {.name = "h"}), c = Input({2}, {.name = "c"});
  const SymbolicTensor out = LSTMCell(2)({x, h, c});
  CHECK(out.outputs() == 3);
  Model cell({x, h, c}, {out, out.output(1), out.output(2)});
  const SymbolicTensor sequence = Input({1, 3}, {.name = "x"});
  const SymbolicTensor whole = LSTM(2, {.return_state = true})({sequence, h, c});
  Model layer({sequence, h, c}, {whole, whole.output(1), whole.output(2)});
  copy_weights(layer, cell);
  const auto a = normal_array({4, 3}, 1), b = normal_array({4, 2}, 2), d = normal_array({4, 2}, 3);
  auto steps = a;
  steps.reshape({4, 1, 3});
  const auto found = cell.predict_all(Dataset(Columns{{"x", to_column(a)}, {"h", to_column(b)}, {"c", to_column(d)}}));
  const auto expected =
      layer.predict_all(Dataset(Columns{{"x", to_column(steps)}, {"h", to_column(b)}, {"c", to_column(d)}}));
  for (std::size_t k = 0; k < 3; ++k) CHECK(xt::allclose(found[k], expected[k]));
  CHECK(same_values(found[0], found[1]));
}

TEST_CASE("Bidirectional puts both directions together in each way") {
  const auto x = normal_array({3, 4, 2});
  const auto directions = [&](bool sequences) {
    const SymbolicTensor input = Input({4, 2});
    const SymbolicTensor forward = GRU(2, {.return_sequences = sequences})(input);
    const SymbolicTensor backward = GRU(2, {.return_sequences = sequences, .go_backwards = true})(input);
    return Model(input, SymbolicTensors{forward, backward});
  };
  for (const bool sequences : {false, true}) {
    const Model both = directions(sequences);
    const auto parts = both.predict_all(Dataset(x));
    xt::xarray<float> turned = parts[1];
    for (std::size_t i = 0; i < turned.size() && sequences; ++i) {  // (3, 4, 2), the last step first
      turned.data()[i] = parts[1].data()[i / 8 * 8 + (3 - i % 8 / 2) * 2 + i % 2];
    }
    for (const std::string mode : {"concat", "sum", "mul", "ave"}) {
      Model model = model_of(Bidirectional(GRU(2, {.return_sequences = sequences}), {.merge_mode = mode}), {4, 2});
      copy_weights(both, model);
      xt::xarray<float> expected = side_by_side(parts[0], turned);
      if (mode == "sum") expected = parts[0] + turned;
      if (mode == "mul") expected = parts[0] * turned;
      if (mode == "ave") expected = (parts[0] + turned) / 2;
      INFO(mode);
      CHECK(xt::allclose(model.predict(x), expected, 1e-5, 1e-6));
    }
  }
  const SymbolicTensor input = Input({4, 2});
  const SymbolicTensor apart = Bidirectional(LSTM(2, {.return_state = true}), {.merge_mode = "none"})(input);
  CHECK(apart.outputs() == 6);
  CHECK(apart.output(1).shape() == Shape{2});
}

TEST_CASE("a recurrent layer within TimeDistributed sees what is left of a mask for a step") {
  const SymbolicTensor x = Input({2, 3, 2});
  const SymbolicTensor y = TimeDistributed(LSTM(2))(Masking()(x));
  CHECK(y.shape() == Shape{2, 2});
  Model model(x, y);
  const SymbolicTensor one = Input({3, 2});
  Model single(one, LSTM(2)(Masking()(one)));
  copy_weights(model, single);
  auto data = normal_array({4, 2, 3, 2});
  for (std::size_t i = 0; i < 4; ++i) data(i, 0, 1, 0) = data(i, 0, 1, 1) = 0;
  auto rows = data;
  rows.reshape({8, 3, 2});
  auto expected = single.predict(rows);
  expected.reshape({4, 2, 2});
  CHECK(xt::allclose(model.predict(data), expected, 1e-5, 1e-6));
}

TEST_CASE("models of recurrent layers come back from files") {
  const TemporaryFolder folder;
  const SymbolicTensor x = Input({4, 3});
  const Model model(x, RNN({LSTMCell(2), GRUCell(3)},
                           {.return_sequences = true})(Bidirectional(SimpleRNN(2, {.return_sequences = true}))(x)));
  save(model, folder / "model");
  const auto data = normal_array({3, 4, 3});
  CHECK(same_values(load(folder / "model").predict(data), model.predict(data)));
  CHECK(same_values(load(folder / "model", inference).predict(data), model.predict(data)));
}

TEST_CASE("recurrent layers refuse what they cannot compute") {
  CHECK_THROWS_WITH(LSTM(0), "LSTM: expected units of 1 or more, got 0");
  CHECK_THROWS_WITH(GRU(2, {.dropout = 1.5}), "GRU: expected a dropout from 0 to 1, got 1.5");
  CHECK_THROWS_WITH(build(LSTM(2), {3}), ContainsSubstring("expected an input of shape (steps, features), got (3,)"));
  LayerBuilder builder;
  CHECK_THROWS_WITH(Layer(LSTM(2)).build(Shapes{{4, 3}, {2}}, builder), ContainsSubstring("3 inputs"));
  CHECK_THROWS_WITH(Layer(GRU(2)).build(Shapes{{4, 3}, {3}}, builder),
                    ContainsSubstring("expected an initial state of shape (2,), got (3,)"));
  CHECK_THROWS_WITH(RNN(Dense(3)), ContainsSubstring("expected a cell"));
  CHECK_THROWS_WITH(StackedRNNCells(List<Layer>{}), ContainsSubstring("expected one cell or more"));
  CHECK_THROWS_WITH(Bidirectional(Dense(3)), ContainsSubstring("go_backwards"));
  CHECK_THROWS_WITH(Bidirectional(LSTM(3), {.merge_mode = "max"}), ContainsSubstring("expected merge_mode"));
  CHECK_THROWS_WITH(Bidirectional(LSTM(3), {.backward_layer = LSTM(3)}), ContainsSubstring("the other direction"));
}
