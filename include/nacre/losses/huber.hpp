#pragma once
// Huber: squared differences where they are small, absolute ones where they are large.

#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/losses/elementwise.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Huber.
struct HuberOptions {
  double delta{1.0};                             ///< where squares end, 0 or more
  std::string reduction{"sum_over_batch_size"};  ///< see LossOptions
  std::string name{};                            ///< see LossOptions
  void fields(Fields& list) {
    list("delta", delta);
    list("reduction", reduction);
    list("name", name);
  }
};

/// A row's value is the mean over its features of e^2 / 2 where |e| <= delta, and of delta |e| - delta^2 / 2 elsewhere,
/// with e = prediction - target. Huber, "Robust estimation of a location parameter", 1964; Keras' formula.
class Huber {
 public:
  static constexpr std::string_view type_name = "Huber";
  HuberOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for a negative delta or an unknown reduction.
  Huber(HuberOptions options = {});

  /// Throws ValueError for a negative delta or an unknown reduction.
  void validate() const {
    detail::require_not_below_zero(type_name, "delta", options.delta);
    detail::require_reduction(type_name, options.reduction);
  }

  /// Fills the values, and the gradients where wanted, of all rows.
  template <class T>
  void evaluate(const LossStep<T>& step) const {
    const T delta = static_cast<T>(options.delta);
    detail::mean_of_elements(step, [delta](T target, T prediction) {
      const T e = prediction - target;
      const T size = std::abs(e);
      if (size > delta) return detail::ElementLoss<T>{delta * (size - delta / 2), e > 0 ? delta : -delta};
      return detail::ElementLoss<T>{e * e / 2, e};
    });
  }
};

inline Huber::Huber(HuberOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
