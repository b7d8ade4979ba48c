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

namespace detail {

/// Registers what a model that is read may have, whatever it is read for, but for layers and activations.
/// A template of nothing, so that only programs that call it compile them.
template <class = void>
void register_parts() {
  register_initializers();
  register_regularizers();
  register_constraints();
  Registry<Layer>::add<NestedModel>();
}

}  // namespace detail

/// Registers nacre's own layers, losses, metrics, optimizers, initializers and their like for models of `T`; `load`
/// does so itself. May be called any number of times, from several threads.
template <class T>
void register_built_in_classes() {
  detail::register_parts();
  register_activations();
  register_layers();
  register_losses<T>();
  register_metrics<T>();
  register_optimizers<T>();  // and schedules
}

}  // namespace nacre
