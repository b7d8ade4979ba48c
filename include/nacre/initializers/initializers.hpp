#pragma once
// All initializers: the one list of them, and initializers by Keras' names.

#include <nacre/initializers/constant.hpp>
#include <nacre/initializers/identity.hpp>
#include <nacre/initializers/orthogonal.hpp>
#include <nacre/initializers/random_normal.hpp>
#include <nacre/initializers/random_uniform.hpp>
#include <nacre/initializers/truncated_normal.hpp>
#include <nacre/initializers/variance_scaling.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Makes nacre's initializers known to `Registry<AnyInitializer>`.
void register_initializers();

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/initializers/initializers-inl.hpp>
#endif
