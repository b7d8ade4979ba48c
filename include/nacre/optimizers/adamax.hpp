#pragma once
// Adamax: Adam with the largest gradient so far in place of the mean of squares.

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/optimizers/adam.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

using AdamaxOptions = TwoMomentOptions;

/// m = beta_1 m + (1 - beta_1) g, u = max(beta_2 u, |g|) and w -= learning_rate / (1 - beta_1^t) m / (u + epsilon) at
/// step t. Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, section 7.1, with Keras' defaults.
class Adamax {
 public:
  static constexpr std::string_view type_name = "Adamax";
  AdamaxOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an option outside what is allowed.
  explicit Adamax(AdamaxOptions options = {});
  /// The same with `learning_rate` in place of the options' own.
  explicit Adamax(LearningRate learning_rate, AdamaxOptions options = {});

  /// Throws ValueError for an option outside what is allowed.
  [[gnu::cold]] void validate() const { detail::validate_adam(type_name, options); }

  /// "momentum" (the mean of gradients) and "norm" (the largest of them).
  [[gnu::cold]] List<Slot> slots() const { return {"momentum", "norm"}; }

  /// The learning rate of update number `step`, counted from 1, corrected for the mean's start at 0.
  double rates(double learning_rate, std::int64_t step) const {
    return learning_rate / (1 - std::pow(options.beta_1, static_cast<double>(step)));
  }

  /// Applies the rule to a part of the weights.
  template <class T>
  void update(double alpha, const Update<T>& update) const {
    kernels::adamax(update.count, update.weights, update.gradient, update.slots[0], update.slots[1],
                    static_cast<T>(alpha), options.beta_1, options.beta_2, static_cast<T>(options.epsilon));
  }
};

inline Adamax::Adamax(AdamaxOptions chosen) : options(std::move(chosen)) { validate(); }
inline Adamax::Adamax(LearningRate rate, AdamaxOptions chosen) : options(std::move(chosen)) {
  options.learning_rate = std::move(rate);
  validate();
}

}  // namespace nacre
