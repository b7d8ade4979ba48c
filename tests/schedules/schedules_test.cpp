// The schedules' formulas, edges and options. Reference vectors are in tests/oracles.

#include <nacre/schedules/schedules.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"

using namespace nacre;

TEST_CASE("an exponential decay is smooth, or goes down stairs") {
  const ExponentialDecay smooth(0.1, 4, 0.5);
  CHECK(smooth(0) == 0.1);
  CHECK(smooth(2) == Approx(0.1 * std::sqrt(0.5)));
  CHECK(smooth(8) == Approx(0.025));
  const ExponentialDecay stairs(0.1, 4, 0.5, {.staircase = true});
  CHECK(stairs(3) == 0.1);
  CHECK(stairs(4) == Approx(0.05));
  CHECK(stairs(7) == Approx(0.05));
}

TEST_CASE("an inverse time decay is smooth, or goes down stairs") {
  CHECK(InverseTimeDecay(0.1, 2, 0.5)(3) == Approx(0.1 / 1.75));
  CHECK(InverseTimeDecay(0.1, 2, 0.5, {.staircase = true})(3) == Approx(0.1 / 1.5));
}

TEST_CASE("a piecewise constant rate changes behind its boundaries") {
  const PiecewiseConstantDecay rate({10, 20}, {1, 0.5, 0.1});
  CHECK(rate(0) == 1);
  CHECK(rate(10) == 1);
  CHECK(rate(11) == 0.5);
  CHECK(rate(20) == 0.5);
  CHECK(rate(21) == 0.1);
  CHECK(PiecewiseConstantDecay({}, {0.3})(5) == 0.3);
  CHECK_THROWS_WITH(PiecewiseConstantDecay({1}, {1}),
                    "PiecewiseConstantDecay: expected one value more than boundaries, got 1 values and 1 boundaries");
  CHECK_THROWS_WITH(PiecewiseConstantDecay({5, 5}, {1, 1, 1}),
                    "PiecewiseConstantDecay: expected increasing boundaries, got 5 behind 5");
  CHECK_THROWS_AS(PiecewiseConstantDecay({5}, {1, -1}), ValueError);
}

TEST_CASE("a polynomial decay ends, or goes on over multiples of its steps") {
  const PolynomialDecay once(0.1, 10, {.end_learning_rate = 0.02, .power = 2});
  CHECK(once(0) == Approx(0.1));
  CHECK(once(5) == Approx(0.02 + 0.08 * 0.25));
  CHECK(once(10) == Approx(0.02));
  CHECK(once(1000) == Approx(0.02));
  const PolynomialDecay cycle(0.1, 10, {.end_learning_rate = 0, .cycle = true});
  CHECK(cycle(0) == Approx(0.1));
  CHECK(cycle(10) == Approx(0).margin(1e-15));
  CHECK(cycle(11) == Approx(0.1 * (1 - 11.0 / 20)));
}

TEST_CASE("a cosine decay, with and without a warmup") {
  const CosineDecay plain(0.1, 10, {.alpha = 0.1, .warmup_steps = 5});  // without a target there is no warmup
  CHECK(plain(0) == Approx(0.1));
  CHECK(plain(5) == Approx(0.1 * 0.55));
  CHECK(plain(10) == Approx(0.01));
  CHECK(plain(99) == Approx(0.01));
  const CosineDecay warm(0, 10, {.warmup_target = 0.2, .warmup_steps = 4});
  CHECK(warm(0) == 0);
  CHECK(warm(1) == Approx(0.05));
  CHECK(warm(4) == Approx(0.2));
  CHECK(warm(9) == Approx(0.1));
  CHECK(warm(14) == Approx(0).margin(1e-15));
}

TEST_CASE("cosine decays with restarts") {
  const CosineDecayRestarts longer(1, 4);  // decays of 4, 8, 16, ... steps
  for (const std::int64_t start : {0, 4, 12, 28, 60}) {
    CAPTURE(start);
    CHECK(longer(start) == Approx(1));
    if (start > 0) CHECK(longer(start - 1) < 0.2);
  }
  CHECK(longer(8) == Approx(0.5));
  const CosineDecayRestarts even(1, 5, {.t_mul = 1, .m_mul = 0.5, .alpha = 0.1});
  CHECK(even(0) == Approx(1));
  CHECK(even(5) == Approx(0.9 * 0.5 + 0.1));
  CHECK(even(10) == Approx(0.9 * 0.25 + 0.1));
  // Wherever the logarithm that finds the restart rounds to.
  const CosineDecayRestarts odd(1, 3, {.t_mul = 3});
  std::int64_t start = 0;
  for (std::int64_t length = 3; length < 1'000'000'000'000; length *= 3) {
    CAPTURE(start);
    CHECK(odd(start) == Approx(1));
    CHECK(odd(start + length - 1) < 0.3);
    start += length;
  }
  CHECK_THROWS_WITH(CosineDecayRestarts(1, 4, {.t_mul = 0.5}),
                    "CosineDecayRestarts: expected t_mul of 1 or more, got 0.5");
}

TEST_CASE("a schedule refuses numbers outside what is allowed") {
  CHECK_THROWS_WITH(CosineDecay(0.1, 0), "CosineDecay: expected decay_steps of 1 or more, got 0");
  CHECK_THROWS_WITH(CosineDecay(-0.1, 5), "CosineDecay: expected initial_learning_rate of 0 or more, got -0.1");
  CHECK_THROWS_AS(CosineDecay(0.1, 5, {.warmup_target = std::nan("")}), ValueError);
  CHECK_THROWS_AS(CosineDecay(0.1, 5, {.warmup_steps = -1}), ValueError);
  CHECK_THROWS_AS(CosineDecayRestarts(0.1, 0), ValueError);
  CHECK_THROWS_AS(ExponentialDecay(0.1, -1, 0.5), ValueError);
  CHECK_THROWS_AS(ExponentialDecay(std::numeric_limits<double>::infinity(), 1, 0.5), ValueError);
  CHECK_THROWS_AS(InverseTimeDecay(0.1, 0, 0.5), ValueError);
  CHECK_THROWS_AS(PolynomialDecay(0.1, 0), ValueError);
}

namespace {

// A schedule of one's own, known to no list.
struct Halving {
  static constexpr std::string_view type_name = "Halving";
  double first = 1;
  void fields(Fields& list) { list("first", first); }
  double operator()(std::int64_t step) const { return first / static_cast<double>(step + 1); }
};

}  // namespace

TEST_CASE("a learning rate is a number or any schedule, and made again from its value in a config") {
  register_schedules();
  register_schedule<Halving>();
  const std::vector<LearningRate> rates{0.25,
                                        Halving{0.5},
                                        CosineDecay(0.1, 7, {.warmup_target = 0.3, .warmup_steps = 2}),
                                        CosineDecayRestarts(0.1, 7),
                                        ExponentialDecay(0.1, 7, 0.9),
                                        InverseTimeDecay(0.1, 7, 0.9),
                                        PiecewiseConstantDecay({3}, {0.1, 0.2}),
                                        PolynomialDecay(0.1, 7)};
  for (const LearningRate& rate : rates) {
    CAPTURE(rate.to_string());
    LearningRate again = 1;
    from_config_value(to_config_value(rate), again);
    CHECK(again == rate);
    for (const std::int64_t step : {0, 1, 5, 100}) CHECK(again.at(step) == rate.at(step));
  }
  CHECK(rates[1].at(3) == 0.125);
  CHECK_FALSE(rates[0] == rates[1]);
  CHECK_FALSE(rates[0].is_schedule());
  CHECK(rates[1].schedule()->get_if<Halving>()->first == 0.5);
  LearningRate other = 1;
  CHECK_THROWS_WITH(from_config_value(ConfigValue("fast"), other), "expected a number, got \"fast\"");
}
