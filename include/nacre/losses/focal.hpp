#pragma once
// What the focal losses share: a cross-entropy that counts the less, the surer the right answer is.
// Lin et al., "Focal loss for dense object detection", 2018.

#include <cmath>
#include <initializer_list>
#include <utility>
#include <vector>

#include <nacre/core/config.hpp>
#include <nacre/core/error.hpp>
#include <nacre/losses/elementwise.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The weights of classes in CategoricalFocalCrossentropy: one for all, or one for each.
struct FocalWeights {
  std::vector<double> values;

  FocalWeights(double of_all = 0.25) : values{of_all} {}
  FocalWeights(std::initializer_list<double> of_classes) : values(of_classes) {}
  FocalWeights(std::vector<double> of_classes) : values(std::move(of_classes)) {}

  double of(std::int64_t c) const { return values.size() == 1 ? values[0] : values[static_cast<std::size_t>(c)]; }
};

[[gnu::cold]] inline ConfigValue to_config_value(const FocalWeights& weights) {
  return weights.values.size() == 1 ? ConfigValue(weights.values[0]) : to_config_value(weights.values);
}
[[gnu::cold]] inline void from_config_value(const ConfigValue& value, FocalWeights& out) {
  if (value.get_if<ConfigList>() != nullptr) {
    from_config_value(value, out.values);
  } else {
    double of_all = 0;
    from_config_value(value, of_all);
    out = FocalWeights(of_all);
  }
}

namespace detail {

/// (1 - p)^gamma times a cross-entropy, and its derivative by the prediction.
/// @param p       the probability of the truth.
/// @param p_slope its derivative by the prediction.
template <class T>
ElementLoss<T> focal(T gamma, T p, T p_slope, ElementLoss<T> crossentropy) {
  const T rest = T(1) - p;
  if (rest <= T(0)) return {T(0), T(0)};
  const T factor = std::pow(rest, gamma);
  return {factor * crossentropy.value, factor * (crossentropy.slope - gamma / rest * p_slope * crossentropy.value)};
}

}  // namespace detail
}  // namespace nacre
