#pragma once
// EventFile: a file of events as TensorBoard reads them.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <nacre/core/compiled.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// CRC-32C (Castagnoli), as TensorFlow's records have it.
[[gnu::cold]] std::uint32_t crc32c(std::string_view bytes);

/// A record of TensorFlow's: its length and its bytes, each with a masked CRC-32C.
[[gnu::cold]] std::string record_of(std::string_view bytes);

/// The message Event of TensorFlow's event.proto, in protobuf's wire format.
class EventMessage {
 public:
  /// @param wall_time seconds since 1970.
  EventMessage(double wall_time, std::int64_t step);

  /// A number under that tag.
  void scalar(std::string_view tag, double value);
  /// The distribution of numbers under that tag, in 30 buckets of equal width.
  void histogram(std::string_view tag, const std::vector<double>& values);
  /// What a file begins with.
  void file_version();

  /// Whether nothing was added.
  bool empty() const { return summary_.empty() && !has_version_; }
  std::string bytes() const;

 private:
  std::string head_;
  std::string summary_;
  bool has_version_ = false;
};

/// A file that events are appended to, a whole record at a time.
class EventFile {
 public:
  EventFile() = default;
  /// Makes a file of a new name in that folder, which is made, too. Throws FileError where that fails.
  [[gnu::cold]] explicit EventFile(const std::filesystem::path& folder);

  /// Throws FileError where it cannot be written; what was written before stays.
  [[gnu::cold]] void add(const EventMessage& event) const;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Seconds since 1970.
[[gnu::cold]] double wall_time();

}  // namespace nacre::detail

#if NACRE_HEADER_ONLY
#include <nacre/callbacks/event_file-inl.hpp>
#endif
