#pragma once
// SGD: gradient descent, with or without momentum.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/optimizers/optimizer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of SGD. At most one of the three kinds of clipping.
struct SGDOptions {
  LearningRate learning_rate{0.01};      ///< a number or a schedule; by default 0.01
  double momentum{};                     ///< from 0 to 1; by default 0
  bool nesterov{};                       ///< Nesterov's momentum; by default false
  std::optional<double> weight_decay{};  ///< weights first shrink by learning_rate * weight_decay; by default none
  NACRE_OPTIMIZER_BASE_OPTIONS;
  void fields(Fields& list) {
    list("learning_rate", learning_rate);
    list("momentum", momentum);
    list("nesterov", nesterov);
    list("weight_decay", weight_decay);
    list_base_options(list, *this);
  }
};

/// w -= learning_rate g; with momentum v = momentum v - learning_rate g and w += v, or with Nesterov's momentum
/// w += momentum v - learning_rate g. Keras' formulas and defaults.
class SGD {
 public:
  static constexpr std::string_view type_name = "SGD";
  SGDOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an option outside what is allowed.
  explicit SGD(SGDOptions options = {});
  /// The same with `learning_rate` in place of the options' own.
  explicit SGD(LearningRate learning_rate, SGDOptions options = {});

  /// Throws ValueError for an option outside what is allowed.
  [[gnu::cold]] void validate() const {
    validate_base_options(type_name, options);
    require<ValueError>(options.momentum >= 0 && options.momentum <= 1, type_name,
                        ": expected momentum from 0 to 1, got ", options.momentum);
  }

  /// "momentum", where there is momentum.
  [[gnu::cold]] List<Slot> slots() const {
    if (options.momentum == 0) return {};
    return {"momentum"};
  }

  /// What a step has in common for all weights: the learning rate.
  struct Rates {
    double learning_rate = 0;
  };

  Rates rates(double learning_rate, std::int64_t /*step*/) const { return {learning_rate}; }

  /// Applies the rule to a part of the weights.
  template <class T>
  void update(const Rates& rates, const Update<T>& update) const {
    const T rate = static_cast<T>(rates.learning_rate);
    if (options.momentum == 0) {
      kernels::sgd(update.count, update.weights, update.gradient, rate);
    } else {
      kernels::sgd_momentum(update.count, update.weights, update.gradient, update.slots[0], rate,
                            static_cast<T>(options.momentum), options.nesterov);
    }
  }
};

inline SGD::SGD(SGDOptions chosen) : options(std::move(chosen)) { validate(); }
inline SGD::SGD(LearningRate rate, SGDOptions chosen) : options(std::move(chosen)) {
  options.learning_rate = std::move(rate);
  validate();
}

}  // namespace nacre
