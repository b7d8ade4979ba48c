#pragma once
// Bodies of initializers/initializers.hpp.

#include <nacre/initializers/initializers.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP void register_initializers() {
  Registry<AnyInitializer>::add<Constant, GlorotNormal, GlorotUniform, HeNormal, HeUniform, IdentityInitializer,
                                LecunNormal, LecunUniform, Ones, Orthogonal, RandomNormal, RandomUniform,
                                TruncatedNormal, VarianceScaling, Zeros>();
}

NACRE_SETUP AnyInitializer::AnyInitializer(std::string_view name) {
  register_initializers();
  *this = AnyInitializer(Registry<AnyInitializer>::table().make_by_name("initializer", name, {}));
}

}  // namespace nacre
