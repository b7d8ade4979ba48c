#pragma once
// What all losses of nacre have among their options.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nacre/core/fields.hpp>
#include <nacre/core/words.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options that every loss of nacre has, as Keras' losses do; those of losses that have no other.
struct LossOptions {
  /// How the values of a batch become its loss: "sum_over_batch_size" or "mean" are their mean, each times its sample's
  /// weight; "sum" their sum; "mean_with_sample_weight" the mean by these weights. "none" leaves them as they are,
  /// which serves metrics and calls of `evaluate`, and which `compile` refuses.
  std::string reduction{"sum_over_batch_size"};
  std::string name{};  ///< under which its result appears where it is a metric; by default its class' in snake case
  void fields(Fields& list) {
    list("reduction", reduction);
    list("name", name);
  }
};

/// The same for losses along an axis.
struct AxisLossOptions {
  std::int64_t axis = -1;                        ///< of a batch of outputs, along which a value is computed
  std::string reduction{"sum_over_batch_size"};  ///< see LossOptions
  std::string name{};                            ///< see LossOptions
  void fields(Fields& list) {
    list("axis", axis);
    list("reduction", reduction);
    list("name", name);
  }
};

namespace detail {

/// What is asked of any loss' options.
struct LossTraits {
  std::string_view reduction = "sum_over_batch_size";
  std::int64_t axis = -1;
  std::optional<std::int64_t> ignore_class{};  ///< rows of this class number count nothing
};

template <class Options>
LossTraits loss_traits(const Options& options) {
  LossTraits traits{options.reduction};
  if constexpr (requires { {options.axis + std::int64_t{}}; }) traits.axis = options.axis;
  if constexpr (requires { options.ignore_class; }) traits.ignore_class = options.ignore_class;
  return traits;
}

/// What the sum of a batch's values, each times its weight, is divided by.
inline double reduction_divisor(std::string_view reduction, std::int64_t values, double sum_of_weights) {
  if (reduction == "sum" || reduction == "none") return 1;
  return reduction == "mean_with_sample_weight" ? sum_of_weights : static_cast<double>(values);
}

/// Whether a mask's loss is the mean over what it lets count, which weighs that the more.
inline bool is_mean(std::string_view reduction) { return reduction == "sum_over_batch_size" || reduction == "mean"; }

/// Throws ValueError for a reduction that there is not.
[[gnu::cold]] inline void require_reduction(std::string_view loss, std::string_view reduction) {
  require_one_of(loss, "reduction", reduction,
                 {"sum_over_batch_size", "mean", "sum", "mean_with_sample_weight", "none"});
}

/// Throws ValueError for a number that is not from `least` to `most`.
[[gnu::cold]] inline void require_between(std::string_view loss, std::string_view option, double value, double least,
                                          double most) {
  require<ValueError>(value >= least && value <= most, loss, ": expected ", option, " from ", least, " to ", most,
                      ", got ", value);
}

/// Throws ValueError for a number below 0 or none.
[[gnu::cold]] inline void require_not_below_zero(std::string_view loss, std::string_view option, double value) {
  require<ValueError>(value >= 0, loss, ": expected ", option, " of 0 or more, got ", value);
}

}  // namespace detail
}  // namespace nacre
