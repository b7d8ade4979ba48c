#pragma once
// Files that are read from front to back, gzipped or not.

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include <nacre/core/error.hpp>
#include <nacre/datasets/gzip.hpp>

namespace nacre::datasets::detail {

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
    file_.open(path, std::ios::binary);
    require<FileError>(file_.is_open(), name_, ": could not be opened",
                       errno ? ": " + std::generic_category().message(errno) : "");

    char magic[2] = {};
    file_.read(magic, 2);
    const bool gzipped = file_.gcount() == 2 && magic[0] == '\x1f' && magic[1] == '\x8b';
    file_.clear();
    if (!gzipped) {
      file_.seekg(0, std::ios::end);
      size_ = static_cast<std::uint64_t>(file_.tellg());
    }
    file_.seekg(0);
    require<FileError>(file_.good(), name_, ": could not be read");
    if (gzipped) gzip_.emplace(file_, name_);
  }
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;

  /// The path, for messages.
  const std::string& name() const { return name_; }

  /// Bytes in the file; nothing for a gzipped one, which tells only when it has been unpacked.
  std::optional<std::uint64_t> size() const { return size_; }

  /// Reads up to `size` bytes to `out` and returns how many there were: fewer only at the end of the file. Throws
  /// FileError where the system cannot read, FormatError for a broken gzip stream.
  std::size_t read(std::uint8_t* out, std::size_t size) {
    if (gzip_) return gzip_->read(out, size);
    file_.read(reinterpret_cast<char*>(out), static_cast<std::streamsize>(size));
    require<FileError>(!file_.bad(), name_, ": could not be read");
    return static_cast<std::size_t>(file_.gcount());
  }

 private:
  std::string name_;
  std::ifstream file_;
  std::optional<std::uint64_t> size_;
  std::optional<GzipReader> gzip_;
};

}  // namespace nacre::datasets::detail
