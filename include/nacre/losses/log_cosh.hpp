#pragma once
// LogCosh: the logarithm of the hyperbolic cosine of differences.

#include <cmath>
#include <string_view>
#include <utility>

#include <nacre/losses/elementwise.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of LogCosh.
using LogCoshOptions = LossOptions;

/// A row's value is the mean over its features of log(cosh(prediction - target)): about half the square of small
/// differences, and the size of large ones less log 2. No size overflows. Keras' formula.
class LogCosh {
 public:
  static constexpr std::string_view type_name = "LogCosh";
  LogCoshOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an unknown reduction.
  LogCosh(LogCoshOptions options = {});

  /// Throws ValueError for an unknown reduction.
  void validate() const { detail::require_reduction(type_name, options.reduction); }

  /// Fills the values, and the gradients where wanted, of all rows.
  template <class T>
  void evaluate(const LossStep<T>& step) const {
    detail::mean_of_elements(step, [](T target, T prediction) {
      const T difference = prediction - target;
      const T size = std::abs(difference);
      const T value = size + std::log1p(std::exp(-2 * size)) - static_cast<T>(0.69314718055994530942);
      return detail::ElementLoss<T>{value, std::tanh(difference)};
    });
  }
};

inline LogCosh::LogCosh(LogCoshOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
