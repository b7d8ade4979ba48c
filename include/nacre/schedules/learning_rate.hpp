#pragma once
// LearningRate: a number, or a schedule.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/core/compiled.hpp>
#include <nacre/schedules/learning_rate_schedule.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// How far an optimizer goes in a step: a number, or a schedule that is asked where each step begins. Optimizers take
/// both: `Adam(1e-3)`, `Adam(CosineDecay(0.01, 1000))`, `Adam({.learning_rate = 0.01})`.
class LearningRate {
 public:
  LearningRate(double rate) : rate_(rate) {}
  LearningRate(LearningRateSchedule schedule) : schedule_(std::move(schedule)) {}
  template <detail::IsSchedule S>
  LearningRate(S schedule) : schedule_(std::move(schedule)) {}

  bool is_schedule() const { return schedule_.has_value(); }

  /// The schedule, or nullptr where it is a number.
  const LearningRateSchedule* schedule() const { return is_schedule() ? &schedule_ : nullptr; }

  /// The learning rate of step number `step`, counted from 0. Throws ValueError, naming `optimizer`, where a schedule
  /// comes to less than 0 or to no number.
  double at(std::int64_t step, std::string_view optimizer = "LearningRate") const {
    if (!is_schedule()) return rate_;
    const double rate = schedule_(step);
    if (!is_allowed(rate)) refuse(rate, step, optimizer);
    return rate;
  }

  /// Takes another number or schedule. Throws ValueError for a number below 0 or one that is none, and StateError for a
  /// number in place of a schedule, which would not hold; `optimizer` is named in the message.
  [[gnu::cold]] void set(LearningRate rate, std::string_view optimizer);

  /// Throws ValueError for a number below 0 or one that is none.
  [[gnu::cold]] void validate(std::string_view optimizer) const;

  [[gnu::cold]] std::string to_string() const;

  friend bool operator==(const LearningRate& a, const LearningRate& b) {
    if (a.is_schedule() != b.is_schedule()) return false;
    return a.is_schedule() ? a.schedule_ == b.schedule_ : a.rate_ == b.rate_;
  }

 private:
  /// Also false for what is no number.
  static bool is_allowed(double rate) { return rate >= 0 && rate <= 1.7976931348623157e308; }
  [[noreturn, gnu::cold]] void refuse(double rate, std::int64_t step, std::string_view optimizer) const;

  double rate_ = 0;
  LearningRateSchedule schedule_;
};

/// A number, or the schedule's class with its fields.
ConfigValue to_config_value(const LearningRate& rate);
void from_config_value(const ConfigValue& value, LearningRate& out);

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/schedules/learning_rate-inl.hpp>
#endif
