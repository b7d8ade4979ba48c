#pragma once
// UTF-8 (RFC 3629): names that people gave, character by character, whatever bytes they are.

#include <nacre/core/version.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports::detail {

/// What stands for bytes that are no UTF-8.
inline constexpr char32_t replacement_character = 0xFFFD;

/// The character that begins at byte `at`, which moves on behind it; replacement_character for a byte that begins none.
inline char32_t next_character(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t index) -> std::uint32_t {
    return index < text.size() ? static_cast<unsigned char>(text[index]) : 0U;
  };
  const std::uint32_t first = byte(at++);
  if (first < 0x80) return first;
  const std::size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  if (first < 0xC2 || first > 0xF4) return replacement_character;
  std::uint32_t code = first & (0x3FU >> more);
  for (std::size_t index = 0; index < more; ++index) {
    const std::uint32_t next = byte(at + index);
    if ((next & 0xC0) != 0x80) return replacement_character;
    code = code << 6 | (next & 0x3F);
  }
  constexpr std::uint32_t smallest[] = {0, 0x80, 0x800, 0x10000};  // shorter forms of a character are none
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < smallest[more] || code > 0x10FFFF || surrogate) return replacement_character;
  at += more;
  return code;
}

/// All characters of `text`.
inline std::u32string characters(std::string_view text) {
  std::u32string all;
  for (std::size_t at = 0; at < text.size();) all += next_character(text, at);
  return all;
}

/// The bytes of characters.
inline std::string to_utf8(std::u32string_view characters) {
  std::string bytes;
  const auto add = [&](std::uint32_t byte) { bytes += static_cast<char>(static_cast<unsigned char>(byte)); };
  for (const char32_t character : characters) {
    const std::uint32_t code = character;
    if (code < 0x80) {
      add(code);
      continue;
    }
    const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    constexpr std::uint32_t lead[] = {0, 0xC0, 0xE0, 0xF0};
    add(lead[more] | code >> (6 * more));
    for (int part = more - 1; part >= 0; --part) add(0x80U | (code >> (6 * part) & 0x3F));
  }
  return bytes;
}

/// `text`, or as much of its beginning as fits `room` with an ellipsis behind it, by what `width_of` says of a text.
template <class WidthOf>
std::string shortened(std::string_view text, double room, WidthOf width_of) {
  if (width_of(text) <= room) return std::string(text);
  std::u32string kept = characters(text);
  while (!kept.empty()) {
    kept.back() = U'\u2026';
    std::string candidate = to_utf8(kept);
    if (width_of(candidate) <= room) return candidate;
    kept.pop_back();
  }
  return "";
}

}  // namespace nacre::reports::detail
