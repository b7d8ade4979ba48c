#pragma once
// Adafactor: an adaptive rule that keeps means of rows and columns in place of a number for each weight.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/optimizers/optimizer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Adafactor. At most one of the three kinds of clipping.
struct AdafactorOptions {
  LearningRate learning_rate{1e-3};      ///< a number or a schedule; no step has more than 1 / sqrt(t); by default 1e-3
  double beta_2_decay{-0.8};             ///< at step t means keep 1 - t^beta_2_decay of themselves; 0 or less
  double epsilon_1{1e-30};               ///< added to squared gradients; 1e-37 or more
  double epsilon_2{1e-3};                ///< the least size of a weight tensor that steps are relative to
  double clip_threshold{1};              ///< the largest root mean square of a step before its rate; above 0
  bool relative_step{true};              ///< for Keras' sake: there, as here, rates fall as 1 / sqrt(t) in any case
  std::optional<double> weight_decay{};  ///< weights first shrink by learning_rate * weight_decay; by default none
  NACRE_OPTIMIZER_BASE_OPTIONS;
  void fields(Fields& list) {
    list("learning_rate", learning_rate);
    list("beta_2_decay", beta_2_decay);
    list("epsilon_1", epsilon_1);
    list("epsilon_2", epsilon_2);
    list("clip_threshold", clip_threshold);
    list("relative_step", relative_step);
    list("weight_decay", weight_decay);
    list_base_options(list, *this);
  }
};

/// A tensor's gradient g is divided by the root of v: of the running mean of g^2 + epsilon_1 or, where the tensor has
/// two axes or more, of its best approximation from the means r of rows and c of columns, v = r c / mean(r), in the
/// last two axes. The quotient u is cut to the root mean square clip_threshold, and w -= alpha u with alpha =
/// max(epsilon_2, rms(w)) min(learning_rate, 1 / sqrt(t)). Shazeer and Stern, "Adafactor: adaptive learning rates with
/// sublinear memory cost", ICML 2018, with Keras' formulas and defaults.
class Adafactor {
 public:
  static constexpr std::string_view type_name = "Adafactor";
  static constexpr bool whole_tensors = true;
  AdafactorOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an option outside what is allowed.
  explicit Adafactor(AdafactorOptions options = {});
  /// The same with `learning_rate` in place of the options' own.
  explicit Adafactor(LearningRate learning_rate, AdafactorOptions options = {});

  /// Throws ValueError for an option outside what is allowed.
  [[gnu::cold]] void validate() const {
    validate_base_options(type_name, options);
    require<ValueError>(options.beta_2_decay <= 0 && std::isfinite(options.beta_2_decay), type_name,
                        ": expected beta_2_decay of 0 or less, got ", options.beta_2_decay);
    require<ValueError>(options.epsilon_1 >= 1e-37 && std::isfinite(options.epsilon_1), type_name,
                        ": expected epsilon_1 of 1e-37 or more, as smaller numbers are 0 in float, got ",
                        options.epsilon_1);
    detail::require_at_least_zero(type_name, "epsilon_2", options.epsilon_2);
    require<ValueError>(options.clip_threshold > 0 && std::isfinite(options.clip_threshold), type_name,
                        ": expected clip_threshold above 0, got ", options.clip_threshold);
  }

  /// "r" and "c", means of rows and columns of tensors of two axes or more, and "velocity", means of squares of others.
  [[gnu::cold]] List<Slot> slots() const {
    return {{"r", 0, rows_of}, {"c", 0, columns_of}, {"velocity", 0, plain_of}};
  }

  /// What a step has in common for all weights: how much the means keep of themselves, and the rate.
  struct Rates {
    double beta_2 = 0;
    double rate = 0;
  };

  /// For update number `step`, counted from 1.
  Rates rates(double learning_rate, std::int64_t step) const {
    const double t = static_cast<double>(step);
    return {1 - std::pow(t, options.beta_2_decay), std::min(learning_rate, 1 / std::sqrt(t))};
  }

  /// Applies the rule to a weight tensor.
  template <class T>
  void update(const Rates& rates, const Update<T>& update) const {
    const kernels::AdafactorRates all{rates.beta_2, rates.rate, options.epsilon_1, options.epsilon_2,
                                      options.clip_threshold};
    const Shape& shape = update.tensor->shape;
    if (shape.rank() < 2) {
      kernels::adafactor(update.count, update.weights, update.gradient, update.slots[2], all);
    } else {
      const std::int64_t rows = shape[shape.rank() - 2];
      kernels::adafactor_factored(update.count / (rows * shape.back()), rows, shape.back(), update.weights,
                                  update.gradient, update.slots[0], update.slots[1], all);
    }
  }

 private:
  static Shape rows_of(const Segment& weight) {
    const Shape& shape = weight.shape;
    return shape.rank() < 2 ? Shape{0} : Shape(shape.begin(), shape.end() - 1);
  }
  static Shape columns_of(const Segment& weight) {
    const Shape& shape = weight.shape;
    if (shape.rank() < 2) return Shape{0};
    Shape columns(shape.begin(), shape.end() - 2);
    columns.push_back(shape.back());
    return columns;
  }
  static Shape plain_of(const Segment& weight) { return weight.shape.rank() < 2 ? weight.shape : Shape{0}; }
};

inline Adafactor::Adafactor(AdafactorOptions chosen) : options(std::move(chosen)) { validate(); }
inline Adafactor::Adafactor(LearningRate rate, AdafactorOptions chosen) : options(std::move(chosen)) {
  options.learning_rate = std::move(rate);
  validate();
}

}  // namespace nacre
