#pragma once
// AdamW: Adam with decoupled weight decay.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/optimizers/adam.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of AdamW. At most one of the three kinds of clipping.
struct AdamWOptions {
  LearningRate learning_rate{1e-3};           ///< a number or a schedule; by default 1e-3
  std::optional<double> weight_decay{0.004};  ///< weights first shrink by learning_rate * weight_decay
  double beta_1{0.9};                         ///< how slowly the mean of gradients changes, from 0 to below 1
  double beta_2{0.999};                       ///< how slowly the mean of their squares changes, from 0 to below 1
  double epsilon{1e-7};                       ///< added to the root; 1e-18 or more
  bool amsgrad{};                             ///< divide by the largest mean of squares so far; by default false
  NACRE_OPTIMIZER_BASE_OPTIONS;
  void fields(Fields& list) {
    list("learning_rate", learning_rate);
    list("weight_decay", weight_decay);
    list("beta_1", beta_1);
    list("beta_2", beta_2);
    list("epsilon", epsilon);
    list("amsgrad", amsgrad);
    list_base_options(list, *this);
  }
};

/// Adam, before whose every step w -= learning_rate weight_decay w. Loshchilov and Hutter, "Decoupled weight decay
/// regularization", ICLR 2019, with Keras' defaults.
class AdamW {
 public:
  static constexpr std::string_view type_name = "AdamW";
  AdamWOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an option outside what is allowed.
  explicit AdamW(AdamWOptions options = {});
  /// The same with `learning_rate` in place of the options' own.
  explicit AdamW(LearningRate learning_rate, AdamWOptions options = {});

  /// Throws ValueError for an option outside what is allowed.
  [[gnu::cold]] void validate() const {
    detail::validate_adam(type_name, options);
    require<ValueError>(options.weight_decay.has_value(), type_name,
                        ": expected weight_decay; for none use Adam, or weight_decay 0");
  }

  /// "momentum" (the mean of gradients), "velocity" (the mean of their squares), and with amsgrad "velocity_hat".
  [[gnu::cold]] List<Slot> slots() const { return detail::adam_slots(options); }

  /// What update number `step`, counted from 1, has in common for all weights.
  detail::AdamRates rates(double learning_rate, std::int64_t step) const {
    return detail::adam_rates(learning_rate, options, step);
  }

  /// Applies Adam's rule to a part of the weights, which have decayed before.
  template <class T>
  void update(const detail::AdamRates& rates, const Update<T>& update) const {
    detail::adam_update(rates, options, update);
  }
};

inline AdamW::AdamW(AdamWOptions chosen) : options(std::move(chosen)) { validate(); }
inline AdamW::AdamW(LearningRate rate, AdamWOptions chosen) : options(std::move(chosen)) {
  options.learning_rate = std::move(rate);
  validate();
}

}  // namespace nacre
