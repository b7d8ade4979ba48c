#pragma once
// AdamW: Adam with decoupled weight decay.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nacre/optimizers/adam.hpp>

namespace nacre {

/// Options of AdamW. At most one of the three kinds of clipping.
struct AdamWOptions {
  std::optional<double> weight_decay{0.004};  ///< weights first shrink by learning_rate * weight_decay
  double beta_1{0.9};                         ///< how slowly the mean of gradients changes, from 0 to below 1
  double beta_2{0.999};                       ///< how slowly the mean of their squares changes, from 0 to below 1
  double epsilon{1e-7};                       ///< added to the root
  bool amsgrad{};                             ///< divide by the largest mean of squares so far; by default false
  std::optional<double> clipnorm{};           ///< each weight tensor's gradient is scaled down to this norm
  std::optional<double> clipvalue{};          ///< each gradient is cut at +- this
  std::optional<double> global_clipnorm{};    ///< all gradients together are scaled down to this norm
  bool use_ema{};                             ///< keep running averages of the weights; by default false
  double ema_momentum{0.99};                  ///< how slowly these averages change, from 0 to 1
  std::optional<std::int64_t> ema_overwrite_frequency{};      ///< averages become the weights every so many updates
  std::optional<std::int64_t> gradient_accumulation_steps{};  ///< update once in so many steps, by their mean gradient
  static constexpr auto fields =
      std::tuple{field("weight_decay", &AdamWOptions::weight_decay),
                 field("beta_1", &AdamWOptions::beta_1),
                 field("beta_2", &AdamWOptions::beta_2),
                 field("epsilon", &AdamWOptions::epsilon),
                 field("amsgrad", &AdamWOptions::amsgrad),
                 field("clipnorm", &AdamWOptions::clipnorm),
                 field("clipvalue", &AdamWOptions::clipvalue),
                 field("global_clipnorm", &AdamWOptions::global_clipnorm),
                 field("use_ema", &AdamWOptions::use_ema),
                 field("ema_momentum", &AdamWOptions::ema_momentum),
                 field("ema_overwrite_frequency", &AdamWOptions::ema_overwrite_frequency),
                 field("gradient_accumulation_steps", &AdamWOptions::gradient_accumulation_steps)};
};

/// Adam, before whose every step w -= learning_rate weight_decay w. Loshchilov and Hutter, "Decoupled weight decay
/// regularization", ICLR 2019, with Keras' defaults.
class AdamW {
 public:
  static constexpr std::string_view type_name = "AdamW";
  double learning_rate;
  AdamWOptions options;
  static constexpr auto fields =
      std::tuple_cat(std::tuple{field("learning_rate", &AdamW::learning_rate)}, fields_of(&AdamW::options));

  /// Throws ValueError for an option outside what is allowed.
  explicit AdamW(double rate = 1e-3, AdamWOptions chosen = {}) : learning_rate(rate), options(chosen) { validate(); }

  /// Throws ValueError for an option outside what is allowed.
  void validate() const {
    detail::validate_adam(type_name, learning_rate, options);
    require<ValueError>(options.weight_decay.has_value(), type_name,
                        ": expected weight_decay; for none use Adam, or weight_decay 0");
  }

  /// "momentum" (the mean of gradients), "velocity" (the mean of their squares), and with amsgrad "velocity_hat".
  std::vector<std::string> slot_names() const { return detail::adam_slot_names(options); }

  /// What step number `step`, counted from 1, has in common for all weights.
  detail::AdamRates rates(std::int64_t step) const { return detail::adam_rates(learning_rate, options, step); }

  /// Applies Adam's rule to a part of the weights, which have decayed before.
  template <class T>
  void update(const detail::AdamRates& rates, const Update<T>& update) const {
    detail::adam_update(rates, options, update);
  }
};
NACRE_OPTIMIZER(AdamW);

}  // namespace nacre
