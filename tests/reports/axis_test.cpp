// Axes: round ticks that hold all numbers between them, and labels without a locale.

#include "catch.hpp"

#include <cmath>

#include <nacre/reports/axis.hpp>
#include <nacre/reports/number_text.hpp>

using namespace nacre::reports::detail;

namespace {

std::vector<std::string> labels(const Axis& axis) {
  std::vector<std::string> all;
  for (const Tick& tick : axis.ticks) all.push_back(tick.label);
  return all;
}

using Labels = std::vector<std::string>;

}  // namespace

TEST_CASE("A linear axis goes from a round number to a round number") {
  CHECK(labels(linear_axis(0.021, 0.35)) == Labels{"0.0", "0.1", "0.2", "0.3", "0.4"});
  CHECK(labels(linear_axis(0.893, 0.9931)) == Labels{"0.85", "0.90", "0.95", "1.00"});
  CHECK(labels(linear_axis(-3, 14)) == Labels{"-5", "0", "5", "10", "15"});
  CHECK(labels(linear_axis(0, 100000)) == Labels{"0", "20000", "40000", "60000", "80000", "100000"});
  CHECK(labels(linear_axis(0, 5e9)) == Labels{"0", "1e9", "2e9", "3e9", "4e9", "5e9"});
  CHECK(labels(linear_axis(0, 1e-9)) == Labels{"0", "2e-10", "4e-10", "6e-10", "8e-10", "1e-9"});
  CHECK(labels(linear_axis(1e9, 1e9 + 10)).at(1) == "1.000000002e9");
}

TEST_CASE("Every linear axis holds its numbers, on few ticks with labels of their own") {
  for (const double scale : {1e-99, 1e-9, 1e-3, 1.0, 7.0, 1e9, 1e99}) {
    for (const auto& [low, high] : {std::pair{0.0, 1.0}, {0.1, 0.3}, {-0.7, 0.2}, {0.98, 0.99}, {-1.0, -0.999}}) {
      const Axis axis = linear_axis(low * scale, high * scale);
      CAPTURE(low, high, scale);
      CHECK(axis.position(low * scale) >= -1e-5);
      CHECK(axis.position(high * scale) <= 1 + 1e-5);
      CHECK(axis.ticks.size() >= 3);
      CHECK(axis.ticks.size() <= 8);
      for (std::size_t tick = 1; tick < axis.ticks.size(); ++tick) {
        CHECK(axis.ticks[tick].label != axis.ticks[tick - 1].label);
        CHECK(axis.ticks[tick].value == Approx(std::stod(axis.ticks[tick].label)));
      }
    }
  }
}

TEST_CASE("An axis for one number has it in the middle") {
  CHECK(linear_axis(0.5, 0.5).position(0.5) == Approx(0.5));
  CHECK(linear_axis(1e9, 1e9).position(1e9) == Approx(0.5));
  CHECK(labels(linear_axis(0, 0)) == Labels{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"});
  CHECK(linear_axis(1e-320, 1e-320).ticks.size() == 6);
  const Axis epochs = counting_axis(1, 1);
  CHECK(labels(epochs) == Labels{"1"});
  CHECK(epochs.position(1) == Approx(0.5));
}

TEST_CASE("A logarithmic axis has powers of ten") {
  const Axis rates = logarithmic_axis(1e-5, 1e-3);
  CHECK(labels(rates) == Labels{"1e-5", "1e-4", "1e-3"});
  CHECK(rates.position(1e-4) == Approx(0.5));
  CHECK(labels(logarithmic_axis(0.002, 5)) == Labels{"0.001", "0.01", "0.1", "1", "10"});
  const Axis wide = logarithmic_axis(1e-9, 1e9);
  CHECK(wide.ticks.size() <= 6);
  CHECK(wide.position(1e9) <= 1);
  CHECK(logarithmic_axis(1, 1).ticks.size() == 2);
}

TEST_CASE("Epochs are whole numbers") {
  CHECK(labels(counting_axis(1, 5)) == Labels{"1", "2", "3", "4", "5"});
  CHECK(labels(counting_axis(1, 28)) == Labels{"5", "10", "15", "20", "25"});
  CHECK(labels(counting_axis(1, 1000)) == Labels{"200", "400", "600", "800", "1000"});
}

TEST_CASE("Numbers are written with a point and without surprises") {
  CHECK(fixed(0.98, 3) == "0.980");
  CHECK(fixed(-0.5, 0) == "-1");
  CHECK(fixed(std::nan(""), 2) == "nan");
  CHECK(fixed(-INFINITY, 2) == "-inf");
  CHECK(trimmed(fixed(12.5, 2)) == "12.5");
  CHECK(trimmed("100") == "100");
  CHECK(percent(0.98765) == "98.8 %");
  CHECK(significant(0.021468) == "0.02147");
  CHECK(significant(0.001) == "0.001");
  CHECK(significant(1e-4) == "1e-4");
  CHECK(significant(2.5e-9) == "2.5e-9");
  CHECK(significant(-1234567890) == "-1.235e9");
  CHECK(significant(4e-320) == "4e-320");
  CHECK(significant(0) == "0");
}
