#pragma once
// Tversky: how much of two segmentations does not overlap, by what is worse: too much or too little.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/losses/overlap.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Tversky.
struct TverskyOptions {
  double alpha{0.5};                             ///< the weight of what is in the targets alone, 0 or more
  double beta{0.5};                              ///< the weight of what is in the predictions alone, 0 or more
  std::string reduction{"sum_over_batch_size"};  ///< see LossOptions
  std::string name{};                            ///< see LossOptions
  detail::SummedAxes axis{};                     ///< that the sums go over, of a batch of outputs; by default all
  void fields(Fields& list) {
    list("alpha", alpha);
    list("beta", beta);
    list("reduction", reduction);
    list("name", name);
    list("axis", axis);
  }
};

/// A value is 1 - sum(t p) / (sum(t p) + alpha sum(t (1 - p)) + beta sum(p (1 - t)) + 1e-7) with predictions p and
/// targets t of the same shape, usually from 0 to 1, and sums over the axes that `axis` names: over the whole batch,
/// which has one value then, where it names none. With alpha and beta of 0.5 it is Dice. Salehi, Erdogmus and
/// Gholipour, "Tversky loss function for image segmentation using 3D fully convolutional deep networks", 2017. Keras'
/// formula, which gives alpha to what the predictions miss, whatever its documentation says.
class Tversky {
 public:
  static constexpr std::string_view type_name = "Tversky";
  TverskyOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for a negative alpha or beta, or an unknown reduction.
  Tversky(TverskyOptions options = {});

  /// Throws ValueError for a negative alpha or beta, or an unknown reduction.
  void validate() const {
    detail::require_not_below_zero(type_name, "alpha", options.alpha);
    detail::require_not_below_zero(type_name, "beta", options.beta);
    detail::require_reduction(type_name, options.reduction);
  }

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
  detail::Overlap overlap() const {
    return {1 - options.alpha - options.beta, options.alpha, options.beta, detail::loss_epsilon};
  }
};

inline Tversky::Tversky(TverskyOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
