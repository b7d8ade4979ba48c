#pragma once
// Makes the classes that come with nacre known to `load`.

#include <nacre/constraints/constraints.hpp>
#include <nacre/initializers/initializers.hpp>
#include <nacre/layers/layers.hpp>
#include <nacre/losses/losses.hpp>
#include <nacre/metrics/metrics.hpp>
#include <nacre/models/nested_model.hpp>
#include <nacre/optimizers/optimizers.hpp>
#include <nacre/regularizers/regularizers.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Registers nacre's own layers, losses, metrics, optimizers, initializers and their like for models of `T`; `load`
/// does so itself. May be called any number of times, from several threads.
template <class T>
void register_built_in_classes() {
  register_activations();
  register_initializers();
  register_regularizers();
  register_constraints();
  register_layers();
  Registry<Layer>::add<detail::NestedModel>();
  register_losses<T>();
  register_metrics<T>();
  register_optimizers<T>();  // and schedules
}

}  // namespace nacre
