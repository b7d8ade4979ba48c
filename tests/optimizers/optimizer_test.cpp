// The rules one by one, and their options.

#include <cmath>
#include <string>
#include <type_traits>
#include <vector>

#include <nacre/core/float_control.hpp>
#include <nacre/optimizers/adam.hpp>
#include <nacre/optimizers/adamw.hpp>
#include <nacre/optimizers/rmsprop.hpp>
#include <nacre/optimizers/sgd.hpp>
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
