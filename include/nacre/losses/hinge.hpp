#pragma once
// Hinge: the margin by which classifications fail.

#include <string_view>
#include <utility>

#include <nacre/losses/elementwise.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Hinge.
using HingeOptions = LossOptions;

/// A row's value is the mean over its features of max(1 - t p, 0) with predictions p and targets t of -1 and 1; where
/// all targets of a batch are 0 or 1, they stand for -1 and 1. Keras' formula.
class Hinge {
 public:
  static constexpr std::string_view type_name = "Hinge";
  static constexpr bool asks_for_binary_targets = true;
  HingeOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an unknown reduction.
  Hinge(HingeOptions options = {});

  /// Throws ValueError for an unknown reduction.
  void validate() const { detail::require_reduction(type_name, options.reduction); }

  /// Fills the values, and the gradients where wanted, of all rows.
  template <class T>
  void evaluate(const LossStep<T>& step) const {
    const bool binary = step.binary_targets;
    detail::mean_of_elements(step, [binary](T target, T prediction) {
      const T t = detail::hinge_label(target, binary);
      const T margin = 1 - t * prediction;
      if (margin <= 0) return detail::ElementLoss<T>{0, 0};
      return detail::ElementLoss<T>{margin, margin > 0 ? -t : margin};
    });
  }
};

inline Hinge::Hinge(HingeOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
