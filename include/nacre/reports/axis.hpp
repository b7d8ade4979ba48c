#pragma once
// Axes: the range that a chart shows, and the round numbers that label it.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include <nacre/core/list.hpp>
#include <nacre/reports/number_text.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports::detail {

/// A mark of an axis: where it is and what is written there.
struct Tick {
  double value;
  std::string label;
};

/// A range with its ticks.
struct Axis {
  double first = 0;
  double last = 1;
  bool logarithmic = false;
  List<Tick> ticks{};

  /// Where `value` lies: 0 at `first`, 1 at `last`.
  double position(double value) const {
    if (logarithmic) return (std::log10(value) - std::log10(first)) / (std::log10(last) - std::log10(first));
    return (value - first) / (last - first);
  }
};

/// Whether an axis can show `value`: it is finite and of a magnitude that can be calculated with.
inline bool drawable(double value) { return std::isfinite(value) && std::abs(value) < 1e100; }

/// 1, 2 or 5 times a power of ten.
struct Step {
  std::int64_t digit;
  int exponent;
  double value() const { return static_cast<double>(digit) * power_of_ten(exponent); }
};

/// The smallest step that cuts `range` into at most `parts`.
inline Step nice_step(double range, int parts) {
  const double least = range / parts * (1 - 1e-9);
  const int exponent = static_cast<int>(std::floor(std::log10(least)));
  for (const std::int64_t digit : {1, 2, 5}) {
    if (Step step{digit, exponent}; step.value() >= least) return step;
  }
  return {1, exponent + 1};
}

/// Ticks `step` apart, from `first` to `last` steps. All labels have the same form.
inline List<Tick> ticks_between(std::int64_t first, std::int64_t last, Step step) {
  const double largest = static_cast<double>(std::max(std::abs(first), std::abs(last))) * step.value();
  const bool plain = step.exponent >= -4 && largest < 1e6;
  List<Tick> ticks;
  for (std::int64_t at = first; at <= last; ++at) {
    const std::int64_t digits = at * step.digit;
    // A division gives the double that is closest to the decimal number.
    const double value = step.exponent < 0 ? static_cast<double>(digits) / power_of_ten(-step.exponent)
                                           : static_cast<double>(digits) * power_of_ten(step.exponent);
    const std::string label = !plain               ? scientific(digits, step.exponent)
                              : step.exponent <= 0 ? with_point(digits, -step.exponent)
                                                   : std::to_string(std::llround(value));
    ticks.push_back({value, label});
  }
  return ticks;
}

/// An axis from a round number to a round number that has all of `min` to `max` between them, with about `parts` + 1
/// ticks. A range of one number is widened around it.
inline Axis linear_axis(double min, double max, int parts = 5) {
  const double magnitude = std::max(std::abs(min), std::abs(max));
  if (magnitude < 1e-100) {
    min = 0;
    max = 1;
  } else if (max - min < 1e-9 * magnitude) {
    min -= 0.1 * magnitude;
    max += 0.1 * magnitude;
  }
  const Step step = nice_step(max - min, parts);
  const auto first = static_cast<std::int64_t>(std::floor(min / step.value() + 1e-6));
  const auto last = static_cast<std::int64_t>(std::ceil(max / step.value() - 1e-6));
  Axis axis{.ticks = ticks_between(first, last, step)};
  axis.first = axis.ticks.front().value;
  axis.last = axis.ticks.back().value;
  return axis;
}

/// An axis of powers of ten around `min` and `max`, both above 0, with at most `parts` + 1 ticks.
inline Axis logarithmic_axis(double min, double max, int parts = 5) {
  const int first = static_cast<int>(std::floor(std::log10(min) + 1e-9));
  int last = static_cast<int>(std::ceil(std::log10(max) - 1e-9));
  const int stride = std::max(1, (last - first + parts - 1) / parts);
  last = first + std::max(1, (last - first + stride - 1) / stride) * stride;
  Axis axis{.first = power_of_ten(first), .last = power_of_ten(last), .logarithmic = true};
  for (int exponent = first; exponent <= last; exponent += stride) {
    const bool plain = first >= -3 && last <= 4;
    axis.ticks.push_back({power_of_ten(exponent), !plain ? scientific(1, exponent)
                                                  : exponent < 0
                                                      ? with_point(1, -exponent)
                                                      : std::to_string(std::llround(power_of_ten(exponent)))});
  }
  return axis;
}

/// An axis that begins at `min` and ends at `max`, with ticks at whole numbers; one number stands in its middle.
inline Axis counting_axis(std::int64_t min, std::int64_t max, int parts = 6) {
  const auto begin = static_cast<double>(min);
  const auto end = static_cast<double>(max);
  if (min == max) return {.first = begin - 1, .last = end + 1, .ticks = ticks_between(min, max, {1, 0})};
  const Step step = nice_step(std::max(end - begin, static_cast<double>(parts)), parts);
  const auto first = static_cast<std::int64_t>(std::ceil(begin / step.value()));
  const auto last = static_cast<std::int64_t>(std::floor(end / step.value()));
  return {.first = begin, .last = end, .ticks = ticks_between(first, last, step)};
}

}  // namespace nacre::reports::detail
