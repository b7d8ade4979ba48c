#pragma once
// Kernels compiled once: a project with many units that links nacre::compiled has the kernels built in that library and only
// declared in its own units. Results are the same.

#include <nacre/core/standard.hpp>

/// After a kernel's definition, inside nacre::kernels: declares its instances for float and double as built elsewhere
/// (NACRE_COMPILED, which nacre::compiled defines for its users), builds them here (NACRE_COMPILE_KERNELS, which its source
/// defines), or does nothing.
#if defined(NACRE_COMPILE_KERNELS)
#define NACRE_KERNEL(name)                 \
  template decltype(name<float>) name<float>; \
  template decltype(name<double>) name<double>
#elif defined(NACRE_COMPILED)
#define NACRE_KERNEL(name)                        \
  extern template decltype(name<float>) name<float>; \
  extern template decltype(name<double>) name<double>
#else
#define NACRE_KERNEL(name) static_assert(true)
#endif
