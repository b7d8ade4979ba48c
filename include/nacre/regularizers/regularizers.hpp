#pragma once
// All regularizers: the one list of them.

#include <nacre/regularizers/l1.hpp>
#include <nacre/regularizers/l1_l2.hpp>
#include <nacre/regularizers/l2.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Makes nacre's regularizers known to `Registry<AnyRegularizer>`.
void register_regularizers();

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/regularizers/regularizers-inl.hpp>
#endif
