#pragma once
// Numbers as figures show them: by integer arithmetic, so that neither the locale nor the C library has a say.

#include <nacre/core/version.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports::detail {

/// 10^exponent.
inline double power_of_ten(int exponent) { return std::pow(10.0, exponent); }

/// `digits` with the point `decimals` places from the right: 1205 with 3 decimals is "1.205".
inline std::string with_point(std::int64_t digits, int decimals) {
  std::string number = std::to_string(digits < 0 ? -digits : digits);
  const auto places = static_cast<std::size_t>(std::max(decimals, 0));
  if (number.size() <= places) number = std::string(places + 1 - number.size(), '0') + number;
  const std::size_t whole = number.size() - places;
  return (digits < 0 ? "-" : "") + number.substr(0, whole) + (places > 0 ? "." + number.substr(whole) : "");
}

/// The same without zeros at the end, and without a point that nothing follows.
inline std::string trimmed(std::string number) {
  if (number.find('.') == std::string::npos) return number;
  number.erase(number.find_last_not_of('0') + 1);
  if (number.back() == '.') number.pop_back();
  return number;
}

/// `value` rounded to `decimals` places: "0.980". "nan" and "inf" where it is none; magnitudes end at 10^12.
inline std::string fixed(double value, int decimals) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  return with_point(std::llround(std::clamp(value, -1e12, 1e12) * power_of_ten(decimals)), decimals);
}

/// 0.987 as "98.7 %".
inline std::string percent(double share, int decimals = 1) { return fixed(100 * share, decimals) + " %"; }

/// digits * 10^exponent with one digit before the point: "2.5e-9".
inline std::string scientific(std::int64_t digits, int exponent) {
  if (digits == 0) return "0";
  const int places = static_cast<int>(std::to_string(digits < 0 ? -digits : digits).size()) - 1;
  return trimmed(with_point(digits, places)) + "e" + std::to_string(exponent + places);
}

/// `value` with at most `count` significant digits: "0.02147", "0.5", "2.5e-9".
inline std::string significant(double value, int count = 4) {
  if (value == 0 || !std::isfinite(value)) return fixed(value, 0);
  const int lead = static_cast<int>(std::floor(std::log10(std::abs(value))));
  const int exponent = lead - count + 1;
  if (lead >= -3 && lead < 6) return trimmed(fixed(value, std::max(0, -exponent)));
  // Divided twice, as 10^exponent alone may be too small for a double.
  return scientific(std::llround(value / power_of_ten(lead) * power_of_ten(count - 1)), exponent);
}

}  // namespace nacre::reports::detail
