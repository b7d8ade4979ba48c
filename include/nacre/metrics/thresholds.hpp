#pragma once
// Thresholds: above which numbers predictions are positive.

#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/core/config.hpp>
#include <nacre/core/error.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// One threshold, several, or none: `.thresholds = 0.3`, `.thresholds = {0.3, 0.6}`.
struct Thresholds {
  std::vector<double> values{};

  Thresholds() = default;
  Thresholds(double one) : values{one} {}
  Thresholds(std::initializer_list<double> several) : values(several) {}
  Thresholds(std::vector<double> several) : values(std::move(several)) {}

  /// These, or that one where there are none.
  std::vector<double> value_or(double other) const { return values.empty() ? std::vector<double>{other} : values; }

  /// Throws ValueError for one outside [0, 1].
  [[gnu::cold]] void validate(std::string_view metric) const;
};

[[gnu::cold]] ConfigValue to_config_value(const Thresholds& thresholds);
[[gnu::cold]] void from_config_value(const ConfigValue& value, Thresholds& out);

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/metrics/thresholds-inl.hpp>
#endif
