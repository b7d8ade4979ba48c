#pragma once
// Bodies of callbacks/event_file.hpp.

#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <unistd.h>

#include <nacre/callbacks/event_file.hpp>
#include <nacre/core/error.hpp>
#include <nacre/core/log_file.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

[[gnu::cold]] NACRE_INLINE std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78u : 0u);
  }
  return ~crc;
}

/// A number's bytes, the least first.
template <class Number>
[[gnu::cold]] void append_bytes(std::string& out, Number number) {
  for (std::size_t i = 0; i < sizeof number; ++i) out += static_cast<char>((number >> (8 * i)) & 0xff);
}

[[gnu::cold]] NACRE_INLINE std::string record_of(std::string_view bytes) {
  // A checksum of data that holds checksums is weak; TensorFlow turns and shifts it.
  const auto masked = [](std::string_view of) { return std::rotr(crc32c(of), 15) + 0xa282ead8u; };
  std::string record;
  append_bytes(record, static_cast<std::uint64_t>(bytes.size()));
  append_bytes(record, masked(record));
  record += bytes;
  append_bytes(record, masked(bytes));
  return record;
}

// Fields in protobuf's wire format: their number and type as a varint, then their value.

[[gnu::cold]] NACRE_INLINE void append_varint(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) out += static_cast<char>(number | 0x80);
  out += static_cast<char>(number);
}
[[gnu::cold]] NACRE_INLINE void append_integer(std::string& out, unsigned field, std::int64_t value) {
  append_varint(out, field << 3);
  append_varint(out, static_cast<std::uint64_t>(value));
}
[[gnu::cold]] NACRE_INLINE void append_double(std::string& out, unsigned field, double value) {
  append_varint(out, field << 3 | 1);
  append_bytes(out, std::bit_cast<std::uint64_t>(value));
}
[[gnu::cold]] NACRE_INLINE void append_float(std::string& out, unsigned field, float value) {
  append_varint(out, field << 3 | 5);
  append_bytes(out, std::bit_cast<std::uint32_t>(value));
}
[[gnu::cold]] NACRE_INLINE void append_text(std::string& out, unsigned field, std::string_view text) {
  append_varint(out, field << 3 | 2);
  append_varint(out, text.size());
  out += text;
}
[[gnu::cold]] NACRE_INLINE void append_doubles(std::string& out, unsigned field, const std::vector<double>& values) {
  std::string packed;
  for (const double value : values) append_bytes(packed, std::bit_cast<std::uint64_t>(value));
  append_text(out, field, packed);
}

[[gnu::cold]] NACRE_INLINE EventMessage::EventMessage(double wall_time, std::int64_t step) {
  append_double(head_, 1, wall_time);
  append_integer(head_, 2, step);
}

[[gnu::cold]] NACRE_INLINE void EventMessage::scalar(std::string_view tag, double value) {
  std::string message;
  append_text(message, 1, tag);
  append_float(message, 2, static_cast<float>(value));
  append_text(summary_, 1, message);
}

[[gnu::cold]] NACRE_INLINE void EventMessage::histogram(std::string_view tag, const std::vector<double>& values) {
  constexpr std::size_t buckets = 30;
  double least = std::numeric_limits<double>::infinity();
  double most = -least;
  double sum = 0;
  double squares = 0;
  double count = 0;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;  // which has no bucket
    least = std::min(least, value);
    most = std::max(most, value);
    sum += value;
    squares += value * value;
    ++count;
  }
  if (count == 0) least = most = 0;
  const double width = most > least ? (most - least) / static_cast<double>(buckets) : 1;
  std::vector<double> limits(buckets);
  std::vector<double> counts(buckets, 0);
  for (std::size_t i = 0; i < buckets; ++i) limits[i] = least + width * static_cast<double>(i + 1);
  if (most > least) limits.back() = most;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    counts[std::min(static_cast<std::size_t>((value - least) / width), buckets - 1)] += 1;
  }
  std::string histogram;
  append_double(histogram, 1, least);
  append_double(histogram, 2, most);
  append_double(histogram, 3, count);
  append_double(histogram, 4, sum);
  append_double(histogram, 5, squares);
  append_doubles(histogram, 6, limits);
  append_doubles(histogram, 7, counts);
  std::string message;
  append_text(message, 1, tag);
  append_text(message, 5, histogram);
  append_text(summary_, 1, message);
}

[[gnu::cold]] NACRE_INLINE void EventMessage::file_version() {
  append_text(head_, 3, "brain.Event:2");
  has_version_ = true;
}

[[gnu::cold]] NACRE_INLINE std::string EventMessage::bytes() const {
  std::string message = head_;
  if (!summary_.empty()) append_text(message, 5, summary_);
  return message;
}

[[gnu::cold]] NACRE_INLINE double wall_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

[[gnu::cold]] NACRE_INLINE EventFile::EventFile(const std::filesystem::path& folder) {
  static std::atomic<int> files{0};
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  require<FileError>(!error, "TensorBoard: cannot make the folder ", folder.string(), ": ", error.message());
  char host[256] = "localhost";
  if (::gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
  // TensorBoard reads files in the order of their names.
  const auto seconds = static_cast<std::int64_t>(wall_time());
  path_ = folder / text("events.out.tfevents.", seconds, ".", host, ".", ::getpid(), ".", files++, ".v2");
  begin_log(path_, true, "TensorBoard");
  EventMessage version(wall_time(), 0);
  version.file_version();
  add(version);
}

[[gnu::cold]] NACRE_INLINE void EventFile::add(const EventMessage& event) const {
  if (!event.empty()) append_to_log(path_, record_of(event.bytes()), "TensorBoard");
}

}  // namespace nacre::detail
