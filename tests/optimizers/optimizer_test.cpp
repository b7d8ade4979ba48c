// The rules one by one, and their options.

#include <cmath>
#include <string>
#include <type_traits>
#include <vector>

#include <nacre/core/float_control.hpp>
#include <nacre/optimizers/optimizers.hpp>
#include <nacre/optimizers/updater.hpp>
#include <nacre/schedules/schedules.hpp>

#include "catch.hpp"

using namespace nacre;

namespace {

using Names = std::vector<std::string>;

// One weight of value 1 after steps with these gradients.
template <class T>
T after(AnyOptimizer<T> optimizer, const std::vector<std::type_identity_t<T>>& gradients) {
  Updater<T> updater(std::move(optimizer), 1, {{0, {1}}});
  T weight = 1;
  for (T gradient : gradients) {
    T kept = 0;
    updater.begin_step(&weight, &kept);
    updater.take(0, &gradient, 1);
    updater.finish_step(*thread_pool());
  }
  return weight;
}

}  // namespace

TEST_CASE("slots are named as in Keras") {
  const auto names = [](const AnyOptimizer<float>& optimizer) { return optimizer.slot_names(); };
  CHECK(names(SGD()).empty());
  CHECK(names(SGD(0.1, {.momentum = 0.9})) == Names{"momentum"});
  CHECK(names(RMSprop()) == Names{"velocity"});
  CHECK(names(RMSprop(1e-3, {.momentum = 0.9, .centered = true})) == Names{"velocity", "momentum", "average_gradient"});
  CHECK(names(RMSprop(1e-3, {.centered = true})) == Names{"velocity", "average_gradient"});
  CHECK(names(Adam()) == Names{"momentum", "velocity"});
  CHECK(names(AdamW(1e-3, {.amsgrad = true})) == Names{"momentum", "velocity", "velocity_hat"});
  CHECK(names(Adafactor()) == Names{"r", "c", "velocity"});
  CHECK(names(Adadelta()) == Names{"accumulated_grad", "accumulated_delta_var"});
  CHECK(names(ScheduleFreeAdamW()) == Names{"momentum", "velocity"});
  CHECK(names(Adagrad()) == Names{"accumulator"});
  CHECK(names(Adamax()) == Names{"momentum", "norm"});
  CHECK(names(Ftrl()) == Names{"accumulator", "linear"});
  CHECK(names(Lamb()) == Names{"momentum", "velocity"});
  CHECK(names(Lion()) == Names{"momentum"});
  CHECK(names(Muon()) == Names{"momentum", "velocity"});
  CHECK(names(Nadam()) == Names{"momentum", "velocity"});
  CHECK(names(SGD(0.1, {.momentum = 0.9, .use_ema = true, .gradient_accumulation_steps = 2})) ==
        Names{"momentum", "average", "gradient_accumulator"});
}

TEST_CASE("defaults are those of Keras") {
  CHECK(SGD().options.learning_rate == 0.01);
  CHECK(RMSprop().options.learning_rate == 1e-3);
  CHECK(AdamW().options.weight_decay == 0.004);
  CHECK_FALSE(Adam().options.weight_decay.has_value());
  CHECK(AnyOptimizer<float>(Adam()).to_string() ==
        "Adam(learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-07, amsgrad=false, weight_decay=none, "
        "clipnorm=none, clipvalue=none, global_clipnorm=none, use_ema=false, ema_momentum=0.99, "
        "ema_overwrite_frequency=none, gradient_accumulation_steps=none, exclude_from_weight_decay=())");
}

TEST_CASE("the learning rate stands first or among the options, as a number or a schedule") {
  const AnyOptimizer<float> optimizer = Adam({.learning_rate = 0.01, .clipnorm = 1});
  CHECK(optimizer == AnyOptimizer<float>(Adam(0.01, {.clipnorm = 1})));
  CHECK(optimizer.learning_rate() == 0.01);
  CHECK(optimizer.learning_rate_at(1000) == 0.01);
  for (const AnyOptimizer<float>& scheduled : {AnyOptimizer<float>(Adam(CosineDecay(0.01, 1000))),
                                               AnyOptimizer<float>(SGD({.learning_rate = CosineDecay(0.01, 1000)})),
                                               AnyOptimizer<float>(RMSprop(CosineDecay(0.01, 1000), {.momentum = 0.9})),
                                               AnyOptimizer<float>(AdamW(CosineDecay(0.01, 1000)))}) {
    CAPTURE(scheduled.to_string());
    CHECK(scheduled.learning_rate() == CosineDecay(0.01, 1000));
    CHECK(scheduled.learning_rate_at(0) == 0.01);
    CHECK(scheduled.learning_rate_at(500) == Approx(0.005));
  }
}

TEST_CASE("a schedule cannot be set to a number, but to another schedule") {
  AnyOptimizer<float> optimizer = Adam(ExponentialDecay(0.1, 10, 0.5));
  CHECK_THROWS_WITH(optimizer.set_learning_rate(0.1),
                    "Adam: the learning rate follows a schedule, ExponentialDecay(initial_learning_rate=0.1, "
                    "decay_steps=10, decay_rate=0.5, staircase=false), and cannot be set to 0.1; make the optimizer "
                    "with a number, or give it another schedule");
  CHECK_THROWS_AS(optimizer.set_learning_rate(0.1), StateError);
  optimizer.set_learning_rate(CosineDecay(0.2, 10));
  CHECK(optimizer.learning_rate_at(0) == 0.2);
  AnyOptimizer<float> by_number = Adam(0.1);
  by_number.set_learning_rate(CosineDecay(0.2, 10));
  CHECK(by_number.learning_rate_at(0) == 0.2);
}

TEST_CASE("a text leaves weights out of the decay by their own names") {
  const AnyOptimizer<float> optimizer = AdamW({.exclude_from_weight_decay = {"bias", "amma"}});
  CHECK(optimizer.decays("dense/kernel"));
  CHECK(optimizer.decays("bias_block/dense/kernel"));
  CHECK_FALSE(optimizer.decays("dense/bias"));
  CHECK_FALSE(optimizer.decays("lstm/recurrent_bias"));
  CHECK_FALSE(optimizer.decays("norm/gamma"));
  CHECK_FALSE(optimizer.decays("bias"));
  CHECK(AnyOptimizer<float>(AdamW()).decays("dense/bias"));
  CHECK_THROWS_WITH(AnyOptimizer<float>(SGD({.exclude_from_weight_decay = {"bias|gamma"}})),
                    "SGD: expected parts of weights' names in exclude_from_weight_decay, such as \"bias\", got "
                    "\"bias|gamma\"; patterns are not known");
  CHECK_THROWS_AS(AnyOptimizer<float>(SGD({.exclude_from_weight_decay = {""}})), ValueError);
}

TEST_CASE("one step of each rule") {
  CHECK(after<double>(SGD(0.1), {2}) == Approx(0.8));
  CHECK(after<double>(SGD(0.1, {.momentum = 0.5}), {2, 2}) == Approx(1 - 0.2 - 0.3));
  CHECK(after<double>(SGD(0.1, {.momentum = 0.5, .nesterov = true}), {2}) == Approx(1 - 0.1 - 0.2));
  CHECK(after<double>(RMSprop(0.1), {2}) == Approx(1 - 0.1 * 2 / std::sqrt(0.1 * 4)));
  CHECK(after<double>(Adam(0.1), {2}) == Approx(0.9));
  CHECK(after<double>(AdamW(0.1, {.weight_decay = 0.5}), {2}) == Approx(0.95 - 0.1));
  CHECK(after<double>(Adagrad(0.1, {.initial_accumulator_value = 5}), {2}) == Approx(1 - 0.1 * 2 / 3));
  CHECK(after<double>(Adamax(0.1), {-2}) == Approx(1.1));
  // s = 0.2, u = 2 sqrt(epsilon / s) and d = 0.05 u^2; both means begin at 0.
  const double first = 2 * std::sqrt(1e-7 / (0.2 + 1e-7));
  CHECK(after<double>(Adadelta(0.1), {2}) == Approx(1 - 0.1 * first));
  const double second = 2 * std::sqrt((0.05 * first * first + 1e-7) / (0.39 + 1e-7));
  CHECK(after<double>(Adadelta(0.1), {2, 2}) == Approx(1 - 0.1 * (first + second)));
  // z = 0.9, then 0.8; x = 0.9, then 0.85. Warming up, z = 0.95, then 0.85.
  CHECK(after<double>(ScheduleFreeAdamW(0.1), {2}) == Approx(0.9));
  CHECK(after<double>(ScheduleFreeAdamW(0.1), {2, 2}) == Approx(0.1 * 0.8 + 0.9 * 0.85));
  CHECK(after<double>(ScheduleFreeAdamW(0.1, {.beta_1 = 0.5, .warmup_steps = 2}), {2, 2}) ==
        Approx(0.5 * 0.85 + 0.5 * 0.9));
  const double u_1 = 0.9 * (1 - 0.48);
  const double u_2 = 0.9 * (1 - 0.5 * 0.96 * 0.96);
  CHECK(after<double>(Nadam(0.1), {2}) == Approx(1 - 0.1 * (u_2 * 0.1 / (1 - u_1 * u_2) + 1)));
  CHECK(after<double>(Lion(0.1), {2, -0.1, 0}) == Approx(1 - 0.1 - 0.1 - 0.1));
  CHECK(after<double>(Lion(0.1, {.beta_1 = 0.1}), {2, -1}) == Approx(1));
  // z = 2 - (3 - 1) / 0.1; the weight is z's opposite by 3 / 0.1.
  CHECK(after<double>(Ftrl(0.1, {.initial_accumulator_value = 1}), {std::sqrt(8.0)}) ==
        Approx((20 - std::sqrt(8.0)) / 30));
  CHECK(after<double>(Ftrl(0.1, {.l1_regularization_strength = 100}), {2}) == 0);
  // The first step of Adafactor is as long as the tensor is large, times the rate.
  CHECK(after<double>(Adafactor(0.1), {2}) == Approx(0.9));
  CHECK(after<double>(Adafactor(0.1, {.clip_threshold = 0.5}), {2}) == Approx(0.95));
  // So is every step of Lamb; Muon leaves what is no matrix to AdamW, with a decay of its own.
  CHECK(after<double>(Lamb(0.1), {2, 5}) == Approx(0.81));
  CHECK(after<double>(Lamb(0.1, {.weight_decay = 0.5}), {2}) == Approx(0.95 * 0.9));
  CHECK(after<double>(Muon(0.1, {.adam_weight_decay = 0.5, .adam_lr_ratio = 0.1}), {2}) == Approx(0.95 - 0.01));
  CHECK(after<double>(Muon(0.1, {.adam_weight_decay = std::nullopt}), {2}) == Approx(0.9));
}

namespace {

/// The weights of one tensor after steps with these gradients.
std::vector<double> trained(const AnyOptimizer<double>& optimizer, const Segment& tensor, std::vector<double> weights,
                            const std::vector<std::vector<double>>& gradients) {
  Updater<double> updater(optimizer, tensor.count(), {tensor});
  for (std::vector<double> gradient : gradients) {
    updater.begin_step(weights.data(), gradient.data());
    updater.take(0, gradient.data(), tensor.count());
    updater.finish_step(*thread_pool());
  }
  return weights;
}

using Matrix = std::vector<std::vector<double>>;

Matrix product(const Matrix& a, const Matrix& b) {
  Matrix c(a.size(), std::vector<double>(b[0].size(), 0.0));
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < b[0].size(); ++j) {
      for (std::size_t k = 0; k < b.size(); ++k) c[i][j] += a[i][k] * b[k][j];
    }
  }
  return c;
}

Matrix transposed(const Matrix& a) {
  Matrix t(a[0].size(), std::vector<double>(a.size()));
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < a[0].size(); ++j) t[j][i] = a[i][j];
  }
  return t;
}

/// The iteration of Newton and Schulz as it is written.
Matrix orthogonalized(Matrix x, int steps) {
  const bool tall = x.size() > x[0].size();
  if (tall) x = transposed(x);
  double squares = 0;
  for (const auto& row : x) {
    for (const double value : row) squares += value * value;
  }
  for (auto& row : x) {
    for (double& value : row) value /= std::sqrt(squares) + 1e-7;
  }
  for (int step = 0; step < steps; ++step) {
    const Matrix a = product(x, transposed(x));
    Matrix b = product(a, a);
    for (std::size_t i = 0; i < a.size(); ++i) {
      for (std::size_t j = 0; j < a.size(); ++j) b[i][j] = -4.7750 * a[i][j] + 2.0315 * b[i][j];
    }
    const Matrix bx = product(b, x);
    for (std::size_t i = 0; i < x.size(); ++i) {
      for (std::size_t j = 0; j < x[0].size(); ++j) x[i][j] = 3.4445 * x[i][j] + bx[i][j];
    }
  }
  return tall ? transposed(x) : x;
}

}  // namespace

TEST_CASE("Lamb's steps are as long as the tensor is large") {
  const std::vector<std::vector<double>> gradients{{1, -2, 0.5}, {0.5, 1, -3}, {2, 2, 2}};
  const std::vector<double> found = trained(Lamb(0.1, {.epsilon = 0.1}), {0, {3}, "w"}, {1, 2, -3}, gradients);
  std::vector<double> w{1, 2, -3}, m(3, 0.0), v(3, 0.0);
  for (std::size_t t = 1; t <= gradients.size(); ++t) {
    std::vector<double> u(3);
    double size = 0, length = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      const double g = gradients[t - 1][i];
      m[i] = 0.9 * m[i] + 0.1 * g;
      v[i] = 0.999 * v[i] + 0.001 * g * g;
      u[i] = m[i] / (1 - std::pow(0.9, t)) / (std::sqrt(v[i] / (1 - std::pow(0.999, t))) + 0.1);
      size += w[i] * w[i];
      length += u[i] * u[i];
    }
    for (std::size_t i = 0; i < 3; ++i) w[i] -= 0.1 * std::sqrt(size / length) * u[i];
  }
  for (std::size_t i = 0; i < 3; ++i) CHECK(found[i] == Approx(w[i]).epsilon(1e-9));
  // Weights of 0 take a step of their own length: the quotient counts 1.
  CHECK(trained(Lamb(0.1), {0, {1}, "w"}, {0}, {{5}})[0] == Approx(-0.1));
}

TEST_CASE("Muon makes the momentum of matrices orthogonal") {
  for (const auto& [rows, columns] : std::vector<std::pair<std::size_t, std::size_t>>{{2, 3}, {5, 2}, {4, 4}, {1, 6}}) {
    for (const bool nesterov : {true, false}) {
      const std::size_t count = rows * columns;
      std::vector<std::vector<double>> gradients(3, std::vector<double>(count));
      const RandomStream random(rows * 10 + columns);
      for (std::size_t i = 0; i < 3 * count; ++i) gradients[i / count][i % count] = random.normal(i);
      const MuonOptions options{.weight_decay = 0.5, .nesterov = nesterov};
      const Segment kernel{0, {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)}, "dense/kernel"};
      const std::vector<double> found = trained(Muon(0.1, options), kernel, std::vector<double>(count, 1.0), gradients);
      std::vector<double> w(count, 1.0), m(count, 0.0);
      for (const auto& gradient : gradients) {
        Matrix u(rows, std::vector<double>(columns));
        for (std::size_t i = 0; i < count; ++i) {
          m[i] = 0.95 * m[i] + gradient[i];
          u[i / columns][i % columns] = nesterov ? gradient[i] + 0.95 * m[i] : m[i];
        }
        u = orthogonalized(u, 5);
        const double scale = 0.2 * std::sqrt(static_cast<double>(std::max(rows, columns)));
        for (std::size_t i = 0; i < count; ++i) w[i] -= 0.05 * w[i] + 0.1 * scale * u[i / columns][i % columns];
      }
      for (std::size_t i = 0; i < count; ++i) CHECK(found[i] == Approx(w[i]).epsilon(1e-9));
    }
  }
}

TEST_CASE("Muon leaves to AdamW what is excluded, and keeps its means there alone") {
  const std::vector<double> ones(6, 1.0);
  const std::vector<std::vector<double>> gradient{{1, -2, 3, -4, 5, -6}};
  const std::vector<double> adam =
      trained(AdamW(0.1, {.weight_decay = 0.004}), {0, {2, 3}, "dense/kernel"}, ones, gradient);
  const auto is_adam = [&](const MuonOptions& options, const std::string& name) {
    return trained(Muon(0.1, options), {0, {2, 3}, name}, ones, gradient) == adam;
  };
  CHECK_FALSE(is_adam({}, "dense/kernel"));
  CHECK(is_adam({.exclude_layers = {"dense"}}, "dense/kernel"));
  CHECK_FALSE(is_adam({.exclude_layers = {"output"}}, "dense/kernel"));
  CHECK(is_adam({}, "embedding/embeddings"));
  CHECK(is_adam({}, "Embedding_1/embeddings"));
  CHECK_FALSE(is_adam({.exclude_embeddings = false}, "embedding/embeddings"));
  const auto slots_of = [](const MuonOptions& options, const Segment& tensor) {
    std::vector<std::string> names;
    for (const auto& slot : Updater<double>(Muon(options), 24, {tensor}).slot_tensors()) names.push_back(slot.slot);
    return names;
  };
  const std::vector<std::string> both{"momentum", "velocity"};
  CHECK(slots_of({}, {0, {2, 3}, "dense/kernel"}) == std::vector<std::string>{"momentum"});
  CHECK(slots_of({}, {0, {3}, "dense/bias"}) == both);
  CHECK(slots_of({}, {0, {2, 2, 2, 3}, "conv2d/kernel"}) == both);
  CHECK(slots_of({}, {0, {2, 3}, "embedding/embeddings"}) == both);
  CHECK(slots_of({.exclude_layers = {"dense"}}, {0, {2, 3}, "dense/kernel"}) == both);
  CHECK(trained(Muon(0.1, {.weight_decay = 0.5, .exclude_from_weight_decay = {"kernel"}}), {0, {2, 3}, "dense/kernel"},
                ones, {std::vector<double>(6, 0.0)}) == ones);
}

TEST_CASE("Muon gives the same bits on any number of threads") {
  const std::vector<Segment> tensors{
      {0, {64, 40}, "a/kernel"}, {2560, {40}, "a/bias"}, {2600, {40, 130}, "b/kernel"}, {7800, {130, 3}, "c/kernel"}};
  std::vector<std::vector<float>> found;
  for (const int threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    Updater<float> updater(Muon(0.1), 8190, tensors);
    std::vector<float> weights(8190, 1.0f);
    for (std::uint64_t step = 0; step < 4; ++step) {
      std::vector<float> gradient(8190);
      const RandomStream random(step);
      for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] = static_cast<float>(random.normal(i));
      updater.begin_step(weights.data(), gradient.data());
      updater.finish_step(pool);
    }
    found.push_back(weights);
  }
  CHECK(found[1] == found[0]);
  CHECK(found[2] == found[0]);
}

TEST_CASE("Nadam's momentum is the product of all before, at any step") {
  double product = 1;
  for (std::int64_t step = 1; step <= 1500; ++step) {
    product *= 0.999 * (1 - 0.5 * std::pow(0.96, static_cast<double>(step)));
    if (step % 100 != 0) continue;
    const double u = 0.999 * (1 - 0.5 * std::pow(0.96, static_cast<double>(step)));
    CHECK(Nadam({.beta_1 = 0.999}).rates(1, step).gradient == Approx((1 - u) / (1 - product)).epsilon(1e-12));
  }
}

TEST_CASE("Adafactor keeps a number for each row and column, and divides by their products") {
  // Gradients that are products of rows and columns are divided by their own size.
  const std::vector<double> gradient{1, 2, -3, 10, 20, 30};
  Updater<double> updater(Adafactor(0.5, {.epsilon_2 = 1}), 6, {{0, {2, 3}, "kernel"}});
  std::vector<double> weights(6, 0.0);
  std::vector<double> kept = gradient;
  updater.begin_step(weights.data(), kept.data());
  updater.take(0, kept.data(), 6);
  updater.finish_step(*thread_pool());
  for (std::size_t i = 0; i < 6; ++i) CHECK(weights[i] == Approx(gradient[i] > 0 ? -0.5 : 0.5));
  const auto slots = updater.slot_tensors();
  REQUIRE(slots.size() == 2);
  CHECK(slots[0].shape == Shape{2});
  CHECK(slots[0].data[0] == Approx(14.0 / 3));
  CHECK(slots[0].data[1] == Approx(1400.0 / 3));
  CHECK(slots[1].shape == Shape{3});
  CHECK(slots[1].data[2] == Approx(909.0 / 2));
}

TEST_CASE("no rule makes a weight no number where gradients are 0, or the learning rate is") {
  const FlushDenormals flush;  // as in training
  for (const LearningRate& rate : {LearningRate(0.1), LearningRate(PiecewiseConstantDecay({1}, {0, 0.1}))}) {
    for (const AnyOptimizer<float>& optimizer :
         {AnyOptimizer<float>(Adagrad(rate, {.initial_accumulator_value = 0})), AnyOptimizer<float>(Adamax(rate)),
          AnyOptimizer<float>(Nadam(rate)), AnyOptimizer<float>(Lion(rate)), AnyOptimizer<float>(Adadelta(rate)),
          AnyOptimizer<float>(ScheduleFreeAdamW(rate)),
          AnyOptimizer<float>(Ftrl(rate, {.initial_accumulator_value = 0})), AnyOptimizer<float>(Adafactor(rate)),
          AnyOptimizer<float>(Lamb(rate)), AnyOptimizer<float>(Muon(rate, {.adam_weight_decay = std::nullopt}))}) {
      INFO(optimizer.to_string());
      CHECK(after(optimizer, {0, 0, 0}) == 1);
      CHECK(std::isfinite(after(optimizer, {1e-30f, 0, 0, 1e10f})));
    }
  }
  // A matrix with a row and a column that have no gradient.
  Updater<float> updater(Adafactor(), 4, {{0, {2, 2}}});
  std::vector<float> weights(4, 1.0f);
  std::vector<float> gradients{1e10f, 0, 0, 0};
  updater.begin_step(weights.data(), gradients.data());
  updater.take(0, gradients.data(), 4);
  updater.finish_step(*thread_pool());
  for (const float weight : weights) CHECK(std::isfinite(weight));
}

TEST_CASE("a gradient that is no number shows in the weights") {
  for (const AnyOptimizer<double>& optimizer :
       {AnyOptimizer<double>(Adagrad()), AnyOptimizer<double>(Adamax()), AnyOptimizer<double>(Nadam()),
        AnyOptimizer<double>(Lion()), AnyOptimizer<double>(Ftrl()), AnyOptimizer<double>(Adafactor()),
        AnyOptimizer<double>(Lamb()), AnyOptimizer<double>(Muon()), AnyOptimizer<double>(Adadelta()),
        AnyOptimizer<double>(ScheduleFreeAdamW())}) {
    INFO(optimizer.to_string());
    CHECK(std::isnan(after(optimizer, {std::nan("")})));
  }
}

TEST_CASE("weights decay before the update") {
  CHECK(after<double>(SGD(0.1, {.weight_decay = 0.5}), {2}) == Approx(0.95 - 0.2));
  CHECK(after<double>(SGD(0.1, {.weight_decay = 0.5, .global_clipnorm = 1}), {2}) == Approx(0.95 - 0.1));
}

TEST_CASE("an optimizer refuses options outside what is allowed") {
  CHECK_THROWS_WITH(Adam(1e-3, {.beta_1 = 1}), ContainsSubstring("beta_1 from 0 to below 1, got 1"));
  CHECK_THROWS_AS(Adam(1e-3, {.beta_2 = -0.1}), ValueError);
  CHECK_THROWS_WITH(Adam(1e-3, {.epsilon = 1e-38}),
                    "Adam: expected epsilon of 1e-18 or more, as mean squares of small gradients are 0 in float, got "
                    "1e-38");
  for (const double epsilon : {-1.0, 0.0, 1e-38, std::nan("")}) {
    CHECK_THROWS_AS(Adam(1e-3, {.epsilon = epsilon}), ValueError);
    CHECK_THROWS_AS(AdamW(1e-3, {.epsilon = epsilon}), ValueError);
    CHECK_THROWS_AS(RMSprop(1e-3, {.epsilon = epsilon}), ValueError);
  }
  CHECK_THROWS_AS(Adam(-1), ValueError);
  CHECK_THROWS_AS(Adam(std::nan("")), ValueError);
  CHECK_THROWS_AS(SGD(0.1, {.momentum = 1.5}), ValueError);
  CHECK_THROWS_AS(RMSprop(0.1, {.rho = 1}), ValueError);
  CHECK_THROWS_AS(AdamW(0.1, {.weight_decay = -1}), ValueError);
  CHECK_THROWS_AS(AdamW(0.1, {.weight_decay = std::nullopt}), ValueError);
  CHECK_THROWS_AS(SGD(0.1, {.clipnorm = 0}), ValueError);
  CHECK_THROWS_WITH(SGD(0.1, {.clipnorm = 1, .clipvalue = 1}), ContainsSubstring("SGD: expected at most one of"));
  CHECK_THROWS_AS(SGD(0.1, {.ema_momentum = 1.1}), ValueError);
  CHECK_THROWS_AS(Adam(0.1, {.ema_overwrite_frequency = 0}), ValueError);
  CHECK_THROWS_WITH(Adam(0.1, {.gradient_accumulation_steps = 1}),
                    ContainsSubstring("gradient_accumulation_steps of 2 or more, got 1"));
  CHECK_THROWS_AS(Adagrad({.initial_accumulator_value = -1}), ValueError);
  CHECK_THROWS_AS(Adagrad({.epsilon = 0}), ValueError);
  CHECK_THROWS_AS(Adadelta({.rho = 1}), ValueError);
  CHECK_THROWS_AS(Adadelta({.epsilon = 0}), ValueError);
  CHECK_THROWS_WITH(ScheduleFreeAdamW({.beta_1 = 0}), "ScheduleFreeAdamW: expected beta_1 above 0, got 0");
  CHECK_THROWS_AS(ScheduleFreeAdamW({.warmup_steps = -1}), ValueError);
  CHECK_THROWS_AS(Adamax({.beta_2 = 1}), ValueError);
  CHECK_THROWS_AS(Nadam({.epsilon = 0}), ValueError);
  CHECK_THROWS_WITH(Lion({.beta_1 = 0}), "Lion: expected beta_1 above 0 and at most 1, got 0");
  CHECK_THROWS_WITH(Ftrl({.learning_rate_power = 0.5}), "Ftrl: expected learning_rate_power of 0 or less, got 0.5");
  CHECK_THROWS_AS(Ftrl({.l1_regularization_strength = -1}), ValueError);
  CHECK_THROWS_AS(Adafactor({.beta_2_decay = 0.5}), ValueError);
  CHECK_THROWS_AS(Adafactor({.clip_threshold = 0}), ValueError);
  CHECK_THROWS_AS(Adafactor({.epsilon_1 = 0}), ValueError);
  CHECK_THROWS_AS(Lamb({.epsilon = 0}), ValueError);
  CHECK_THROWS_AS(Muon({.momentum = 1}), ValueError);
  CHECK_THROWS_AS(Muon({.ns_steps = 0}), ValueError);
  CHECK_THROWS_AS(Muon({.weight_decay = -1}), ValueError);
  CHECK_THROWS_WITH(Muon({.exclude_layers = {"dense.*"}}), ContainsSubstring("exclude_layers"));
  AnyOptimizer<float> optimizer = Adam();
  CHECK_THROWS_AS(optimizer.set_learning_rate(-1), ValueError);
  CHECK(optimizer.learning_rate() == 1e-3);
}

TEST_CASE("the least epsilon keeps steps of any gradient within the learning rate's reach") {
  const FlushDenormals flush;  // as in training
  for (const float gradient : {0.0f, 1e-38f, 1e-30f, 1e-20f, 1e-18f, 1e-10f, 1.0f, 1e10f}) {
    INFO("gradient " << gradient);
    for (const AnyOptimizer<float>& optimizer : {AnyOptimizer<float>(Adam(0.1, {.epsilon = 1e-18})),
                                                 AnyOptimizer<float>(AdamW(0.1, {.weight_decay = 0, .epsilon = 1e-18})),
                                                 AnyOptimizer<float>(RMSprop(0.1, {.epsilon = 1e-37}))}) {
      CHECK(std::abs(after(optimizer, {gradient, gradient, 0, 0, 0}) - 1) < 2);
    }
  }
}

TEST_CASE("an optimizer is made again from its fields") {
  register_optimizer<RMSprop>();
  register_schedules();
  for (const AnyOptimizer<float>& optimizer :
       {AnyOptimizer<float>(RMSprop(0.02, {.momentum = 0.3, .clipvalue = 2, .exclude_from_weight_decay = {"bias"}})),
        AnyOptimizer<float>(RMSprop(PiecewiseConstantDecay({3, 7}, {0.1, 0.01, 0.001})))}) {
    CHECK(Registry<AnyOptimizer<float>>::make(optimizer.config()) == optimizer);
  }
}
