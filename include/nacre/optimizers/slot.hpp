#pragma once
// Slot: numbers that an optimizer keeps for each weight tensor.

#include <string_view>

#include <nacre/core/shape.hpp>
#include <nacre/optimizers/segment.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Numbers that an optimizer keeps for each weight tensor, as its gradients' running mean. A name alone stands for one
/// number for each weight, 0 at first: `return {"momentum", {"accumulator", 0.1}};`
struct Slot {
  /// The shape of what is kept for that weight tensor; `Shape{0}` where nothing is.
  using Extents = Shape (*)(const Segment& weight);

  std::string_view name;      ///< a literal
  double initial = 0;         ///< what all its numbers are at first
  Extents extents = nullptr;  ///< none: shaped as the weight. Others are for rules that take whole tensors.

  constexpr Slot(const char* slot_name, double first = 0, Extents shape = nullptr)
      : name(slot_name), initial(first), extents(shape) {}

  /// The shape of what is kept for that weight tensor.
  Shape shape_for(const Segment& weight) const { return extents == nullptr ? weight.shape : extents(weight); }
};

}  // namespace nacre
