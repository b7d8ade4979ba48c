#pragma once
// All initializers: the one list of them.

#include <nacre/initializers/constant.hpp>
#include <nacre/initializers/variance_scaling.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Makes nacre's initializers known to `Registry<AnyInitializer>`.
inline void register_initializers() {
  Registry<AnyInitializer>::add<Constant, GlorotNormal, GlorotUniform, HeNormal, HeUniform, Ones, VarianceScaling,
                                Zeros>();
}

}  // namespace nacre
