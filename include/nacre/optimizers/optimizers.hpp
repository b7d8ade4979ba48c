#pragma once
// All optimizers: the one list of them, and optimizers by Keras' names.

#include <string_view>

#include <nacre/optimizers/adafactor.hpp>
#include <nacre/optimizers/adagrad.hpp>
#include <nacre/optimizers/adam.hpp>
#include <nacre/optimizers/adamax.hpp>
#include <nacre/optimizers/adamw.hpp>
#include <nacre/optimizers/ftrl.hpp>
#include <nacre/optimizers/lamb.hpp>
#include <nacre/optimizers/lion.hpp>
#include <nacre/optimizers/muon.hpp>
#include <nacre/optimizers/nadam.hpp>
#include <nacre/optimizers/rmsprop.hpp>
#include <nacre/optimizers/sgd.hpp>
#include <nacre/schedules/schedules.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Makes nacre's optimizers known to `Registry<AnyOptimizer<T>>`, and the schedules that they may go by.
template <class T>
void register_optimizers();

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/optimizers/optimizers-inl.hpp>
#endif
