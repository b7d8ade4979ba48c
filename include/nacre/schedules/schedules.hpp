#pragma once
// All learning rate schedules: the one list of them.

#include <nacre/schedules/cosine_decay.hpp>
#include <nacre/schedules/cosine_decay_restarts.hpp>
#include <nacre/schedules/exponential_decay.hpp>
#include <nacre/schedules/inverse_time_decay.hpp>
#include <nacre/schedules/learning_rate.hpp>
#include <nacre/schedules/piecewise_constant_decay.hpp>
#include <nacre/schedules/polynomial_decay.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Makes nacre's schedules known to `Registry<LearningRateSchedule>`.
void register_schedules();

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/schedules/schedules-inl.hpp>
#endif
