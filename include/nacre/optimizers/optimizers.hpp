#pragma once
// All optimizers: the one list of them, and optimizers by Keras' names.

#include <string_view>

#include <nacre/optimizers/adadelta.hpp>
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
#include <nacre/optimizers/schedule_free_adamw.hpp>
#include <nacre/optimizers/sgd.hpp>
#include <nacre/schedules/schedules.hpp>

/// The list of nacre's optimizers.
// clang-format off
#define NACRE_OPTIMIZERS(X) \
  X(Adadelta) X(Adafactor) X(Adagrad) X(Adam) X(AdamW) X(Adamax) X(Ftrl) X(Lamb) X(Lion) X(Muon) X(Nadam) X(RMSprop) \
  X(ScheduleFreeAdamW) X(SGD)
// clang-format on

namespace nacre::inline NACRE_VERSION_NAMESPACE {

#if !NACRE_HEADER_ONLY
// What they do stands in nacre::compiled once.
#define NACRE_COMPILED_CLASS(O)                                                                  \
  extern template const detail::OptimizerClass<float>& AnyOptimizer<float>::compiled_class<O>(); \
  extern template const detail::OptimizerClass<double>& AnyOptimizer<double>::compiled_class<O>();
NACRE_OPTIMIZERS(NACRE_COMPILED_CLASS)
#undef NACRE_COMPILED_CLASS
#endif

/// Makes nacre's optimizers known to `Registry<AnyOptimizer<T>>`, and the schedules that they may go by.
template <class T>
void register_optimizers();

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/optimizers/optimizers-inl.hpp>
#endif
