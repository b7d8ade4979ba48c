#pragma once
// What nacre throws. Every message names the place, what was expected, what was found and the likely fix.

#include <nacre/core/version.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

#include <nacre/core/number_text.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A text that comes from a file, fit for a terminal: control characters are written as escapes ("\x1b", "\n", and
/// "\u009b" for those of two bytes in UTF-8), everything else stays.
std::string printable(std::string_view text);

namespace detail {

/// The same, but line feeds and tabs stay: for texts of several lines.
std::string printable_lines(std::string_view text);

}  // namespace detail

/// Base of everything nacre throws. Names and texts from files become part of messages: whatever control characters
/// they bring are escaped, so that they reach no terminal and a NUL cuts nothing off. Line feeds stay.
class Error : public std::runtime_error {
 public:
  [[gnu::cold]] explicit Error(const std::string& message) : std::runtime_error(detail::printable_lines(message)) {}
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

/// Appends `text` to `out`, its control characters escaped but for those in `kept`.
[[gnu::cold, gnu::noinline]] inline void append_printable(std::string& out, std::string_view text,
                                                          std::string_view kept) {
  const auto escaped = [&](const char* format, unsigned code) {
    char digits[8];
    std::snprintf(digits, sizeof digits, format, code);
    out += digits;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const unsigned next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0u;
    if (kept.find(text[i]) != std::string_view::npos || (byte >= 0x20 && byte != 0x7F && byte != 0xC2)) {
      out += text[i];
    } else if (byte == 0xC2 && (next < 0x80 || next > 0x9F)) {
      out += text[i];
    } else if (byte == 0xC2) {  // U+0080 to U+009F: the second set of control characters
      escaped("\\u%04x", next);
      ++i;
    } else if (byte == '\n' || byte == '\t' || byte == '\r') {
      out += byte == '\n' ? "\\n" : byte == '\t' ? "\\t" : "\\r";
    } else {
      escaped("\\x%02x", byte);
    }
  }
}

inline std::string printable_lines(std::string_view text) {
  std::string out;
  append_printable(out, text, "\n\t");
  return out;
}

}  // namespace detail

inline std::string printable(std::string_view text) {
  std::string out;
  detail::append_printable(out, text, "");
  return out;
}

namespace detail {

/// A part of a message: a text, a number, or anything with `to_string()`, which is put into words only when the message
/// is needed. It must not outlive what it was made of.
class TextPart {
 public:
  TextPart(std::string_view part) : kind_(Kind::text), text_{part.data()}, size_(part.size()) {}
  TextPart(const std::string& part) : TextPart(std::string_view(part)) {}
  TextPart(const char* part) : TextPart(std::string_view(part)) {}
  TextPart(char part) : kind_(Kind::character), signed_{part} {}
  TextPart(bool part) : TextPart(std::string_view(part ? "true" : "false")) {}

  template <class Number>
  requires std::is_arithmetic_v<Number> TextPart(Number part) {
    if constexpr (std::is_floating_point_v<Number>) {
      kind_ = Kind::real;
      real_ = static_cast<double>(part);
    } else if constexpr (std::is_signed_v<Number>) {
      kind_ = Kind::signed_integer;
      signed_ = part;
    } else {
      kind_ = Kind::unsigned_integer;
      unsigned_ = part;
    }
  }

  template <class Part>
  requires requires(const Part& part) { part.to_string(); }
  TextPart(const Part& part)
      : kind_(Kind::object), object_{&part}, to_string_([](const void* object) {
          return std::string(static_cast<const Part*>(object)->to_string());
        }) {}

  void append_to(std::string& out) const {
    switch (kind_) {
      case Kind::text:
        out.append(text_, size_);
        break;
      case Kind::character:
        out += static_cast<char>(signed_);
        break;
      case Kind::signed_integer:
        out += std::to_string(signed_);
        break;
      case Kind::unsigned_integer:
        out += std::to_string(unsigned_);
        break;
      case Kind::real:
        append_number(out, real_, 'g', 6);
        break;
      case Kind::object:
        out += to_string_(object_);
        break;
    }
  }

 private:
  enum class Kind : unsigned char { text, character, signed_integer, unsigned_integer, real, object };

  Kind kind_;
  union {
    const char* text_;
    long long signed_;
    unsigned long long unsigned_;
    double real_;
    const void* object_;
  };
  union {
    std::size_t size_ = 0;
    std::string (*to_string_)(const void*);
  };
};

// Messages are many and each has parts of other types: what they have in common is not compiled for each of them.

[[gnu::cold, gnu::noinline]] inline std::string join(std::initializer_list<TextPart> parts) {
  std::string out;
  for (const TextPart& part : parts) part.append_to(out);
  return out;
}

template <class E>
[[noreturn, gnu::cold, gnu::noinline]] void fail(std::initializer_list<TextPart> parts) {
  throw E(join(parts));
}

}  // namespace detail

/// Joins strings, numbers and anything with `to_string()` into one string: `text("got ", 3, " of ", shape)`.
template <class... Parts>
std::string text(const Parts&... parts) {
  return detail::join({detail::TextPart(parts)...});
}

/// Throws `E` with the joined text unless `condition` holds. The text is built only on failure.
template <class E, class... Parts>
void require(bool condition, const Parts&... parts) {
  if (!condition) detail::fail<E>({detail::TextPart(parts)...});
}

}  // namespace nacre
