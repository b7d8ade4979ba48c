#pragma once
// Files that are read from front to back, gzipped or not.

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/datasets/gzip.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets::detail {

/// Reads a file's bytes in order. A file that begins as gzip files do is unpacked, whatever its name.
class FileReader {
 public:
  /// Throws FileError where there is no file or it cannot be opened.
  explicit FileReader(const std::filesystem::path& path) : name_(path.string()) {
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(path, error);
    require<FileError>(std::filesystem::exists(status), name_, ": no such file");
    require<FileError>(std::filesystem::is_regular_file(status), name_, ": expected a file, found a folder or device");
    errno = 0;
    file_.reset(std::fopen(path.c_str(), "rbe"));
    require<FileError>(file_ != nullptr, name_, ": could not be opened",
                       errno ? ": " + std::generic_category().message(errno) : "");
    size_ = std::filesystem::file_size(path, error);

    unsigned char magic[2] = {};
    const bool gzipped = std::fread(magic, 1, 2, file_.get()) == 2 && magic[0] == 0x1F && magic[1] == 0x8B;
    std::rewind(file_.get());
    require<FileError>(!error && std::ferror(file_.get()) == 0, name_, ": could not be read");
    if (gzipped) gzip_ = std::make_unique<GzipReader>(file_.get(), name_);
  }
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;

  /// The path, for messages.
  const std::string& name() const { return name_; }

  bool gzipped() const { return gzip_ != nullptr; }

  /// Bytes in the file as it lies on the disk.
  std::uint64_t size() const { return size_; }

  /// The most bytes that `read` can give: what is in the file, or what a gzipped one of this size can hold.
  std::uint64_t most() const { return gzipped() ? size_ * gzip_largest_ratio : size_; }

  /// Reads up to `size` bytes to `out` and returns how many there were: fewer only at the end of the file. Throws
  /// FileError where the system cannot read, FormatError for a broken gzip stream.
  std::size_t read(std::uint8_t* out, std::size_t size) {
    if (gzip_) return gzip_->read(out, size);
    const std::size_t found = std::fread(out, 1, size, file_.get());
    require<FileError>(std::ferror(file_.get()) == 0, name_, ": could not be read");
    return found;
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  std::string name_;
  std::unique_ptr<std::FILE, Close> file_;
  std::uint64_t size_ = 0;
  std::unique_ptr<GzipReader> gzip_;
};

/// The bytes of a whole file. Throws FileError where it cannot be read or has more than `max_bytes`.
[[gnu::cold]] inline std::vector<std::uint8_t> read_bytes(const std::filesystem::path& path, std::int64_t max_bytes) {
  constexpr std::size_t part = std::size_t{1} << 20;
  FileReader file(path);
  std::vector<std::uint8_t> bytes;
  std::size_t size = 0;
  while (size == bytes.size()) {
    bytes.resize(size + part);
    size += file.read(bytes.data() + size, part);
    require<FileError>(static_cast<std::int64_t>(size) <= max_bytes, file.name(), ": expected at most ", max_bytes,
                       " bytes, found more; raise max_bytes if this is meant");
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace nacre::datasets::detail
