#pragma once
// AtomicFile: a file that is there whole or not at all.

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nacre/core/error.hpp>

namespace nacre {

/// Writes a file under a temporary name in the same folder, and gives it its own name when all of it is on the disk: a
/// reader finds the old file or the new one, never a part, also after a crash or a power cut. Without `commit` the old
/// file stays as it is and the temporary one is removed. A file that is replaced keeps its permissions; a symbolic link
/// keeps its place, and the file that it names is replaced.
class AtomicFile {
 public:
  /// Throws FileError, with the reason, where no file can be written in that folder or `path` is something else than a
  /// file.
  explicit AtomicFile(const std::filesystem::path& path) : path_(target(path)) {
    struct ::stat old {};
    const bool exists = ::stat(path_.c_str(), &old) == 0;
    require<FileError>(!exists || S_ISREG(old.st_mode), path_.string(),
                       ": cannot be written: expected a file, found a ", S_ISDIR(old.st_mode) ? "folder" : "device");
    open_temporary();
    // Where it may not be done, the new file has the permissions of any new file.
    if (exists) static_cast<void>(::fchmod(descriptor_, static_cast<::mode_t>(old.st_mode & 07777)));
  }

  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  ~AtomicFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
  }

  /// Appends `size` bytes. Throws FileError, with the reason, where they cannot be written: a full disk, for one.
  void write(const void* data, std::size_t size) {
    const char* next = static_cast<const char*>(data);
    while (size > 0) {
      // Systems write at most 2^31 bytes or so at once.
      const ::ssize_t written = ::write(descriptor_, next, std::min(size, std::size_t{1} << 30));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail();
      next += written;
      size -= static_cast<std::size_t>(written);
    }
  }
  void write(std::string_view text) { write(text.data(), text.size()); }

  /// Puts the file in its place. Throws FileError, with the reason, where that fails; the old file is whole then.
  void commit() {
    if (::fsync(descriptor_) != 0) fail();
    if (::close(std::exchange(descriptor_, -1)) != 0) fail();
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail();
    temporary_.clear();
    sync_folder();
  }

 private:
  static std::filesystem::path target(const std::filesystem::path& path) {
    require<FileError>(path.has_filename(), "\"", path.string(), "\": cannot be written: expected the name of a file");
    std::error_code error;
    if (!std::filesystem::is_symlink(path, error)) return path;
    std::filesystem::path linked = std::filesystem::weakly_canonical(path, error);
    return error ? path : linked;
  }

  std::filesystem::path folder() const { return path_.has_parent_path() ? path_.parent_path() : "."; }

  void open_temporary() {
    static std::atomic<unsigned> counter{0};
    do {
      // Short, so that any name that fits the folder can be written.
      temporary_ = folder() / text(".nacre-", ::getpid(), "-", counter++, ".tmp");
      descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      // One may have been left behind by a process of the same number that crashed.
    } while (descriptor_ < 0 && (errno == EEXIST || errno == EINTR));
    if (descriptor_ >= 0) return;
    temporary_.clear();
    fail(errno == ENOENT || errno == ENOTDIR ? "; create its folder first" : "");
  }

  // The new name itself is on the disk only when the folder is. The file is in its place already, so a system that
  // cannot do this to folders is no reason to give up.
  void sync_folder() const {
    const int descriptor = ::open(folder().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    static_cast<void>(::fsync(descriptor));
    ::close(descriptor);
  }

  [[noreturn]] void fail(std::string_view fix = "") const {
    const std::string reason = std::generic_category().message(errno);
    throw FileError(text(path_.string(), ": cannot be written: ", reason, fix));
  }

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

}  // namespace nacre
