#pragma once
// Reference cases of learning rate schedules.

#include "json.hpp"

#include <nacre/schedules/schedules.hpp>

namespace oracles {

/// The learning rate at each of the case's steps. Keras computes it in float.
inline void run_schedule(const Json& json) {
  const auto schedule = make<nacre::LearningRateSchedule>(json.at("schedule"));
  const Tolerance tolerance(json.at("tolerance"));
  const Json& steps = json.at("steps");
  nacre::require<nacre::FormatError>(steps.size() == json.at("values").size(), "expected a value for each step");
  for (std::size_t i = 0; i < steps.size(); ++i) {
    compare(nacre::text("step ", steps[i].get<std::int64_t>()), schedule(steps[i].get<std::int64_t>()),
            json.at("values")[i], tolerance);
  }
}

}  // namespace oracles
