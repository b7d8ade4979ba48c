#pragma once
// Bodies of schedules/schedules.hpp.

#include <nacre/schedules/schedules.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP void register_schedules() {
  Registry<LearningRateSchedule>::add<CosineDecay, CosineDecayRestarts, ExponentialDecay, InverseTimeDecay,
                                      PiecewiseConstantDecay, PolynomialDecay>();
}

}  // namespace nacre
