#pragma once
// All constraints: the one list of them.

#include <nacre/constraints/max_norm.hpp>
#include <nacre/constraints/min_max_norm.hpp>
#include <nacre/constraints/non_neg.hpp>
#include <nacre/constraints/unit_norm.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Makes nacre's constraints known to `Registry<AnyConstraint>`.
void register_constraints();

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/constraints/constraints-inl.hpp>
#endif
