#pragma once
// SGD: gradient descent, with or without momentum.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nacre/kernels/optimizers.hpp>
#include <nacre/optimizers/optimizer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of SGD. At most one of the three kinds of clipping.
struct SGDOptions {
  double momentum{};                        ///< from 0 to 1; by default 0
  bool nesterov{};                          ///< Nesterov's momentum; by default false
  std::optional<double> weight_decay{};     ///< weights first shrink by learning_rate * weight_decay; by default none
  std::optional<double> clipnorm{};         ///< each weight tensor's gradient is scaled down to this norm
  std::optional<double> clipvalue{};        ///< each gradient is cut at +- this
  std::optional<double> global_clipnorm{};  ///< all gradients together are scaled down to this norm
  bool use_ema{};                           ///< keep running averages of the weights; by default false
  double ema_momentum{0.99};                ///< how slowly these averages change, from 0 to 1
  std::optional<std::int64_t> ema_overwrite_frequency{};      ///< averages become the weights every so many updates
  std::optional<std::int64_t> gradient_accumulation_steps{};  ///< update once in so many steps, by their mean gradient
  void fields(Fields& list) {
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
  double learning_rate;
  SGDOptions options;
  void fields(Fields& list) {
    list("learning_rate", learning_rate);
    options.fields(list);
  }

  /// Throws ValueError for an option outside what is allowed.
  explicit SGD(double learning_rate = 0.01, SGDOptions options = {});

  /// Throws ValueError for an option outside what is allowed.
  void validate() const {
    base_of(options).validate(type_name, learning_rate);
    require<ValueError>(options.momentum >= 0 && options.momentum <= 1, type_name,
                        ": expected momentum from 0 to 1, got ", options.momentum);
  }

  /// "momentum", where there is momentum.
  std::vector<std::string> slot_names() const {
    if (options.momentum == 0) return {};
    return {"momentum"};
  }

  /// What a step has in common for all weights: the learning rate.
  struct Rates {
    double learning_rate = 0;
  };

  /// The same for every step.
  Rates rates(std::int64_t /*step*/) const { return {learning_rate}; }

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

inline SGD::SGD(double rate, SGDOptions chosen) : learning_rate(rate), options(chosen) { validate(); }

}  // namespace nacre
