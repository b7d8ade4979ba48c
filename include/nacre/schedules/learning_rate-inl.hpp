#pragma once
// Bodies of schedules/learning_rate.hpp.

#include <nacre/core/error.hpp>
#include <nacre/schedules/learning_rate.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP void LearningRate::validate(std::string_view optimizer) const {
  require<ValueError>(is_allowed(rate_), optimizer, ": expected a learning rate of 0 or more, got ", rate_);
}

NACRE_SETUP void LearningRate::set(LearningRate rate, std::string_view optimizer) {
  rate.validate(optimizer);
  require<StateError>(!is_schedule() || rate.is_schedule(), optimizer, ": the learning rate follows a schedule, ",
                      to_string(), ", and cannot be set to ", rate.rate_,
                      "; make the optimizer with a number, or give it another schedule");
  *this = std::move(rate);
}

NACRE_SETUP std::string LearningRate::to_string() const { return to_config_value(*this).to_string(); }

[[noreturn]] NACRE_SETUP void LearningRate::refuse(double rate, std::int64_t step, std::string_view optimizer) const {
  throw ValueError(
      text(optimizer, ": expected a learning rate of 0 or more, got ", rate, " from ", to_string(), " at step ", step));
}

NACRE_SETUP ConfigValue to_config_value(const LearningRate& rate) {
  if (rate.is_schedule()) return rate.schedule()->config();
  return rate.at(0);
}

NACRE_SETUP void from_config_value(const ConfigValue& value, LearningRate& out) {
  if (const Config* schedule = value.get_if<Config>()) {
    out = Registry<LearningRateSchedule>::make(*schedule);
    return;
  }
  double rate = 0;
  from_config_value(value, rate);
  out = rate;
}

}  // namespace nacre
