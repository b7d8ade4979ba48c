#pragma once
// Dice: how much of two segmentations does not overlap.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/losses/overlap.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Dice.
struct DiceOptions {
  std::string reduction{"sum_over_batch_size"};  ///< see LossOptions
  std::string name{};                            ///< see LossOptions
  detail::SummedAxes axis{};                     ///< that the sums go over, of a batch of outputs; by default all
  void fields(Fields& list) {
    list("reduction", reduction);
    list("name", name);
    list("axis", axis);
  }
};

/// A value is 1 - 2 sum(t p) / (sum(t) + sum(p) + 1e-7) with predictions p and targets t of the same shape, usually
/// from 0 to 1, and sums over the axes that `axis` names: over the whole batch, which has one value then, where it
/// names none. Milletari, Navab and Ahmadi, "V-Net: fully convolutional neural networks for volumetric medical image
/// segmentation", 2016; Keras' formula.
class Dice {
 public:
  static constexpr std::string_view type_name = "Dice";
  DiceOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an unknown reduction.
  Dice(DiceOptions options = {});

  /// Throws ValueError for an unknown reduction.
  void validate() const { detail::require_reduction(type_name, options.reduction); }

  /// Throws ShapeError for targets of another shape than the outputs, and for axes that these do not have.
  void check_shapes(const Shape& output, const Shape& target) const {
    detail::Overlap::check_shapes(type_name, options.axis, output, target);
  }
  std::int64_t value_count(const Shape& predictions) const {
    return detail::kept_axes(predictions, options.axis).count();
  }
  std::int64_t scratch(const Shape& predictions, const Shape&) const { return 3 * value_count(predictions); }
  template <class T>
  void values(const BatchLossStep<T>& step) const {
    overlap().values(step, options.axis);
  }
  template <class T>
  void gradient(const BatchLossStep<T>& step) const {
    overlap().gradient(step, options.axis);
  }

 private:
  detail::Overlap overlap() const { return {0, 0.5, 0.5, detail::loss_epsilon / 2}; }
};

inline Dice::Dice(DiceOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
