#pragma once
// Lion: steps of one size along the sign of a mean of gradients.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/optimizers/optimizer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Lion. At most one of the three kinds of clipping.
struct LionOptions {
  LearningRate learning_rate{1e-3};      ///< a number or a schedule; by default 1e-3
  double beta_1{0.9};                    ///< the mean's share in the step's direction, above 0 and at most 1
  double beta_2{0.99};                   ///< how slowly the mean of gradients changes, from 0 to below 1
  std::optional<double> weight_decay{};  ///< weights first shrink by learning_rate * weight_decay; by default none
  NACRE_OPTIMIZER_BASE_OPTIONS;
  void fields(Fields& list) {
    list("learning_rate", learning_rate);
    list("beta_1", beta_1);
    list("beta_2", beta_2);
    list("weight_decay", weight_decay);
    list_base_options(list, *this);
  }
};

/// w -= learning_rate sign(beta_1 m + (1 - beta_1) g), then m = beta_2 m + (1 - beta_2) g. Chen et al., "Symbolic
/// discovery of optimization algorithms", 2023, with Keras' defaults.
class Lion {
 public:
  static constexpr std::string_view type_name = "Lion";
  LionOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an option outside what is allowed.
  explicit Lion(LionOptions options = {});
  /// The same with `learning_rate` in place of the options' own.
  explicit Lion(LearningRate learning_rate, LionOptions options = {});

  /// Throws ValueError for an option outside what is allowed.
  [[gnu::cold]] void validate() const {
    validate_base_options(type_name, options);
    require<ValueError>(options.beta_1 > 0 && options.beta_1 <= 1, type_name,
                        ": expected beta_1 above 0 and at most 1, got ", options.beta_1);
    detail::require_share(type_name, "beta_2", options.beta_2);
  }

  /// "momentum", the mean of gradients.
  [[gnu::cold]] List<Slot> slots() const { return {"momentum"}; }

  /// What a step has in common for all weights: the learning rate.
  double rates(double learning_rate, std::int64_t /*step*/) const { return learning_rate; }

  /// Applies the rule to a part of the weights.
  template <class T>
  void update(double rate, const Update<T>& update) const {
    kernels::lion(update.count, update.weights, update.gradient, update.slots[0], static_cast<T>(rate), options.beta_1,
                  options.beta_2);
  }
};

inline Lion::Lion(LionOptions chosen) : options(std::move(chosen)) { validate(); }
inline Lion::Lion(LearningRate rate, LionOptions chosen) : options(std::move(chosen)) {
  options.learning_rate = std::move(rate);
  validate();
}

}  // namespace nacre
