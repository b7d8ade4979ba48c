#pragma once
// What nacre throws. Every message names the place, what was expected, what was found and the likely fix.

#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace nacre {

/// Base of everything nacre throws.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A tensor, a layer's input or a batch has the wrong rank or extents.
class ShapeError : public Error {
 public:
  using Error::Error;
};

/// An option or argument lies outside what is allowed.
class ValueError : public Error {
 public:
  using Error::Error;
};

/// A call came too early or too late: fit before compile, predict before build.
class StateError : public Error {
 public:
  using Error::Error;
};

/// A file's content is not what its format promises.
class FormatError : public Error {
 public:
  using Error::Error;
};

/// A file could not be found, read or written.
class FileError : public Error {
 public:
  using Error::Error;
};

namespace detail {

inline void append_text(std::string& out, std::string_view part) { out += part; }
inline void append_text(std::string& out, const char* part) { out += part; }
inline void append_text(std::string& out, char part) { out += part; }
inline void append_text(std::string& out, bool part) { out += part ? "true" : "false"; }

template <class Number>
  requires std::is_arithmetic_v<Number>
void append_text(std::string& out, Number part) {
  if constexpr (std::is_integral_v<Number>) {
    out += std::to_string(part);
  } else {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.6g", static_cast<double>(part));
    out += digits;
  }
}

template <class Part>
  requires requires(const Part& part) { part.to_string(); }
void append_text(std::string& out, const Part& part) {
  out += part.to_string();
}

}  // namespace detail

/// Joins strings, numbers and anything with `to_string()` into one string: `text("got ", 3, " of ", shape)`.
template <class... Parts>
std::string text(const Parts&... parts) {
  std::string out;
  (detail::append_text(out, parts), ...);
  return out;
}

/// Throws `E` with the joined text unless `condition` holds. The text is built only on failure.
template <class E, class... Parts>
void require(bool condition, const Parts&... parts) {
  if (!condition) throw E(text(parts...));
}

}  // namespace nacre
