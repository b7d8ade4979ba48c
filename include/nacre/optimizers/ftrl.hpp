#pragma once
// Ftrl: follow the regularized leader, for sparse weights.

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/optimizers/optimizer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Ftrl. At most one of the three kinds of clipping.
struct FtrlOptions {
  LearningRate learning_rate{1e-3};               ///< a number or a schedule; by default 1e-3
  double learning_rate_power{-0.5};               ///< how the rate falls with the sum of squares; 0 or less
  double initial_accumulator_value{0.1};          ///< what the sums of squares start at; 0 or more
  double l1_regularization_strength{};            ///< 0 or more; by default 0
  double l2_regularization_strength{};            ///< 0 or more; by default 0
  double l2_shrinkage_regularization_strength{};  ///< adds 2 of it times the weight to the gradient; by default 0
  double beta{};                                  ///< 0 or more; by default 0
  std::optional<double> weight_decay{};  ///< weights first shrink by learning_rate * weight_decay; by default none
  NACRE_OPTIMIZER_BASE_OPTIONS;
  void fields(Fields& list) {
    list("learning_rate", learning_rate);
    list("learning_rate_power", learning_rate_power);
    list("initial_accumulator_value", initial_accumulator_value);
    list("l1_regularization_strength", l1_regularization_strength);
    list("l2_regularization_strength", l2_regularization_strength);
    list("l2_shrinkage_regularization_strength", l2_shrinkage_regularization_strength);
    list("beta", beta);
    list("weight_decay", weight_decay);
    list_base_options(list, *this);
  }
};

/// n' = n + g^2; z += g + 2 shrinkage w - (n'^-power - n^-power) w / rate; then w = 0 where |z| is at most l1,
/// otherwise (sign(z) l1 - z) / ((beta + n'^-power) / rate + 2 l2). McMahan et al., "Ad click prediction: a view from
/// the trenches", KDD 2013, with Keras' formulas and defaults. A step with a learning rate of 0 changes nothing.
class Ftrl {
 public:
  static constexpr std::string_view type_name = "Ftrl";
  FtrlOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an option outside what is allowed.
  explicit Ftrl(FtrlOptions options = {});
  /// The same with `learning_rate` in place of the options' own.
  explicit Ftrl(LearningRate learning_rate, FtrlOptions options = {});

  /// Throws ValueError for an option outside what is allowed.
  [[gnu::cold]] void validate() const {
    validate_base_options(type_name, options);
    require<ValueError>(options.learning_rate_power <= 0 && std::isfinite(options.learning_rate_power), type_name,
                        ": expected learning_rate_power of 0 or less, got ", options.learning_rate_power);
    detail::require_at_least_zero(type_name, "initial_accumulator_value", options.initial_accumulator_value);
    detail::require_at_least_zero(type_name, "l1_regularization_strength", options.l1_regularization_strength);
    detail::require_at_least_zero(type_name, "l2_regularization_strength", options.l2_regularization_strength);
    detail::require_at_least_zero(type_name, "l2_shrinkage_regularization_strength",
                                  options.l2_shrinkage_regularization_strength);
    detail::require_at_least_zero(type_name, "beta", options.beta);
  }

  /// "accumulator" (n, the sum of squares) and "linear" (z).
  [[gnu::cold]] List<Slot> slots() const { return {{"accumulator", options.initial_accumulator_value}, {"linear"}}; }

  /// What a step has in common for all weights: the learning rate.
  double rates(double learning_rate, std::int64_t /*step*/) const { return learning_rate; }

  /// Applies the rule to a part of the weights.
  template <class T>
  void update(double rate, const Update<T>& update) const {
    if (rate == 0) return;
    kernels::ftrl(update.count, update.weights, update.gradient, update.slots[0], update.slots[1],
                  {rate, -options.learning_rate_power, options.l1_regularization_strength,
                   options.beta / rate + 2 * options.l2_regularization_strength,
                   2 * options.l2_shrinkage_regularization_strength});
  }
};

inline Ftrl::Ftrl(FtrlOptions chosen) : options(std::move(chosen)) { validate(); }
inline Ftrl::Ftrl(LearningRate rate, FtrlOptions chosen) : options(std::move(chosen)) {
  options.learning_rate = std::move(rate);
  validate();
}

}  // namespace nacre
