// Confidence intervals against values computed by hand.

#include "catch.hpp"

#include <nacre/reports/confidence.hpp>

using namespace nacre;
using reports::mean_interval;
using reports::wilson_interval;

TEST_CASE("Wilson's interval of a proportion") {
  // (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n) with z^2 = 3.841458820694.
  const reports::Interval half = wilson_interval(5, 10);
  CHECK(half.low == Approx(0.23659309051).epsilon(1e-8));
  CHECK(half.high == Approx(0.76340690949).epsilon(1e-8));
  const reports::Interval most = wilson_interval(9915, 10000);
  CHECK(most.low == Approx(0.98950243555).epsilon(1e-6));
  CHECK(most.high == Approx(0.99312009405).epsilon(1e-6));
}

TEST_CASE("Wilson's interval stays inside 0 to 1 where nothing, or everything, is right") {
  const reports::Interval none = wilson_interval(0, 20);
  CHECK(none.low == 0);
  CHECK(none.high == Approx(3.841458820694 / (20 + 3.841458820694)));
  const reports::Interval all = wilson_interval(20, 20);
  CHECK(all.low == Approx(20 / (20 + 3.841458820694)));
  CHECK(all.high == 1);
}

TEST_CASE("The normal interval of a mean") {
  // Mean 3, variance 2.5, standard error sqrt(2.5 / 5) = 0.70710678.
  const reports::Interval interval = mean_interval({1, 2, 3, 4, 5});
  CHECK(interval.low == Approx(3 - 1.959963984540054 * 0.7071067811865476));
  CHECK(interval.high == Approx(3 + 1.959963984540054 * 0.7071067811865476));
  const reports::Interval same = mean_interval({2, 2, 2});
  CHECK(same.low == 2);
  CHECK(same.high == 2);
}

TEST_CASE("Intervals refuse what has none") {
  CHECK_THROWS_AS(wilson_interval(0, 0), ValueError);
  CHECK_THROWS_AS(wilson_interval(3, 2), ValueError);
  CHECK_THROWS_AS(wilson_interval(-1, 2), ValueError);
  CHECK_THROWS_AS(mean_interval({1}), ValueError);
}
