#pragma once
// Files in the address space: their pages are read where they are first looked at, and the system may drop them again.

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nacre/core/error.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets::detail {

/// The bytes of a file, for as long as this lives. Nobody may make the file shorter meanwhile: the system ends a
/// program that looks at bytes which are gone.
class MappedFile {
 public:
  /// Throws FileError where there is no file, or it cannot be mapped.
  [[gnu::cold]] explicit MappedFile(const std::filesystem::path& path) : name_(path.string()) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    require<FileError>(file >= 0, name_, ": could not be opened: ", std::generic_category().message(errno));
    struct ::stat status {};
    const bool known = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode);
    if (known) size_ = static_cast<std::size_t>(status.st_size);
    void* memory = known && size_ > 0 ? ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0) : nullptr;
    const int why = errno;
    ::close(file);
    require<FileError>(known, name_, ": expected a file, found a folder or device");
    require<FileError>(memory != MAP_FAILED, name_, ": could not be mapped: ", std::generic_category().message(why));
    bytes_ = static_cast<const std::uint8_t*>(memory);
  }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile() {
    if (bytes_ != nullptr) ::munmap(const_cast<std::uint8_t*>(bytes_), size_);
  }

  const std::string& name() const { return name_; }
  const std::uint8_t* bytes() const { return bytes_; }
  std::size_t size() const { return size_; }

 private:
  std::string name_;
  const std::uint8_t* bytes_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace nacre::datasets::detail
