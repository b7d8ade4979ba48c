#pragma once
// Numbers as text that a program reads: with a point, whatever the locale.

#include <nacre/core/version.hpp>

#include <charconv>
#include <string>
#include <system_error>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// As printf writes it in the locale "C".
/// @param form  'e', 'f' or 'g'.
/// @param digits  printf's precision: digits after the point, or with 'g' all that count; at most 99.
inline void append_number(std::string& out, double value, char form, int digits) {
  const std::chars_format format = form == 'e'   ? std::chars_format::scientific
                                   : form == 'f' ? std::chars_format::fixed
                                                 : std::chars_format::general;
  char text[512];  // 309 digits before the point, 99 after it, and a sign fit
  const std::to_chars_result end = std::to_chars(text, text + sizeof text, value, format, digits);
  if (end.ec == std::errc()) out.append(text, end.ptr);
}

/// The same as a text of its own.
inline std::string number_text(double value, char form, int digits) {
  std::string out;
  append_number(out, value, form, digits);
  return out;
}

}  // namespace nacre::detail
