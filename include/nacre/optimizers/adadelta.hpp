#pragma once
// Adadelta: steps as large as those before, however large gradients are.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/optimizers/optimizer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Adadelta. At most one of the three kinds of clipping.
struct AdadeltaOptions {
  LearningRate learning_rate{1e-3};      ///< a number or a schedule; by default 1e-3, the paper's is 1
  double rho{0.95};                      ///< how slowly the means of squares change, from 0 to below 1
  double epsilon{1e-7};                  ///< added under the roots; 1e-37 or more
  std::optional<double> weight_decay{};  ///< weights first shrink by learning_rate * weight_decay; by default none
  NACRE_OPTIMIZER_BASE_OPTIONS;
  void fields(Fields& list) {
    list("learning_rate", learning_rate);
    list("rho", rho);
    list("epsilon", epsilon);
    list("weight_decay", weight_decay);
    list_base_options(list, *this);
  }
};

/// s = rho s + (1 - rho) g^2, u = g sqrt(d + epsilon) / sqrt(s + epsilon), d = rho d + (1 - rho) u^2 and
/// w -= learning_rate u. Zeiler, "ADADELTA: an adaptive learning rate method", 2012, with Keras' defaults.
class Adadelta {
 public:
  static constexpr std::string_view type_name = "Adadelta";
  AdadeltaOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an option outside what is allowed.
  explicit Adadelta(AdadeltaOptions options = {});
  /// The same with `learning_rate` in place of the options' own.
  explicit Adadelta(LearningRate learning_rate, AdadeltaOptions options = {});

  /// Throws ValueError for an option outside what is allowed.
  [[gnu::cold]] void validate() const {
    validate_base_options(type_name, options);
    detail::require_share(type_name, "rho", options.rho);
    detail::require_root_epsilon(type_name, options.epsilon);
  }

  /// "accumulated_grad" and "accumulated_delta_var", the means of squared gradients and of squared steps.
  [[gnu::cold]] List<Slot> slots() const { return {"accumulated_grad", "accumulated_delta_var"}; }

  /// What a step has in common for all weights: the learning rate.
  double rates(double learning_rate, std::int64_t /*step*/) const { return learning_rate; }

  /// Applies the rule to a part of the weights.
  template <class T>
  void update(double rate, const Update<T>& update) const {
    kernels::adadelta(update.count, update.weights, update.gradient, update.slots[0], update.slots[1],
                      static_cast<T>(rate), options.rho, static_cast<T>(options.epsilon));
  }
};

inline Adadelta::Adadelta(AdadeltaOptions chosen) : options(std::move(chosen)) { validate(); }
inline Adadelta::Adadelta(LearningRate rate, AdadeltaOptions chosen) : options(std::move(chosen)) {
  options.learning_rate = std::move(rate);
  validate();
}

}  // namespace nacre
