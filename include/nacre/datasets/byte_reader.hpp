#pragma once
// What formats that lie in files, in archives and in memory are read from.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <utility>

#include <nacre/datasets/file.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets::detail {

/// Bytes in order.
class ByteReader {
 public:
  virtual ~ByteReader() = default;

  /// Where they come from, for messages.
  virtual const std::string& name() const = 0;
  /// The most bytes that `read` can give in all: no memory is taken for more.
  virtual std::uint64_t most() const = 0;
  /// Whether there are as many bytes as `most` says, not fewer.
  virtual bool exact() const = 0;
  /// Reads up to `size` bytes to `out` and returns how many there were: fewer only at the end.
  virtual std::size_t read(std::uint8_t* out, std::size_t size) = 0;
};

/// A file, gzipped or not.
class FileBytes final : public ByteReader {
 public:
  explicit FileBytes(const std::filesystem::path& path) : file_(path) {}
  const std::string& name() const override { return file_.name(); }
  std::uint64_t most() const override { return file_.most(); }
  bool exact() const override { return !file_.gzipped(); }
  std::size_t read(std::uint8_t* out, std::size_t size) override { return file_.read(out, size); }

 private:
  FileReader file_;
};

/// Bytes in memory.
class MemoryBytes final : public ByteReader {
 public:
  MemoryBytes(std::string name, const std::uint8_t* bytes, std::size_t size)
      : name_(std::move(name)), bytes_(bytes), size_(size) {}
  const std::string& name() const override { return name_; }
  std::uint64_t most() const override { return size_; }
  bool exact() const override { return true; }
  std::size_t read(std::uint8_t* out, std::size_t size) override {
    const std::size_t found = std::min(size, size_ - place_);
    if (found > 0) std::memcpy(out, bytes_ + place_, found);
    place_ += found;
    return found;
  }

 private:
  std::string name_;
  const std::uint8_t* bytes_;
  std::size_t size_;
  std::size_t place_ = 0;
};

}  // namespace nacre::datasets::detail
