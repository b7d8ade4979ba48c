#pragma once
// AtomicFile's bodies.

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nacre/core/atomic_file.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

[[gnu::cold]] NACRE_INLINE AtomicFile::AtomicFile(const std::filesystem::path& path) : path_(target(path)) {
  struct ::stat old {};
  const bool exists = ::stat(path_.c_str(), &old) == 0;
  require<FileError>(!exists || S_ISREG(old.st_mode), path_.string(), ": cannot be written: expected a file, found a ",
                     S_ISDIR(old.st_mode) ? "folder" : "device");
  remove_abandoned();
  open_temporary();
  // Where it may not be done, the new file has the permissions of any new file.
  if (exists) static_cast<void>(::fchmod(descriptor_, static_cast<::mode_t>(old.st_mode & 07777)));
}

NACRE_INLINE AtomicFile::~AtomicFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  if (descriptor_ >= 0) ::close(descriptor_);
}

NACRE_INLINE void AtomicFile::write(const void* data, std::size_t size) {
  const char* next = static_cast<const char*>(data);
  while (size > 0) {
    // Systems write at most 2^31 bytes or so at once.
    const ::ssize_t written = ::write(descriptor_, next, std::min(size, std::size_t{1} << 30));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno);
    next += written;
    size -= static_cast<std::size_t>(written);
  }
}

[[gnu::cold]] NACRE_INLINE void AtomicFile::commit() {
  if (::fsync(descriptor_) != 0) fail(errno);
  // Before it is closed, which unlocks it: nobody may take the temporary file for an abandoned one.
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail(errno);
  temporary_.clear();
  ::close(std::exchange(descriptor_, -1));
  sync_folder();
}

/// What `path` is, or where it points, also where there is no file yet.
[[gnu::cold]] NACRE_INLINE std::filesystem::path AtomicFile::target(std::filesystem::path path) {
  require<FileError>(path.has_filename(), "\"", path.string(), "\": cannot be written: expected the name of a file");
  const std::string name = path.string();
  std::error_code error;
  // As many as Linux follows.
  for (int links = 0; std::filesystem::is_symlink(path, error); ++links) {
    const std::filesystem::path next = std::filesystem::read_symlink(path, error);
    require<FileError>(!error && links < 40, name, ": cannot be written: expected a file or links that lead to one");
    path = path.parent_path() / next;  // `next` alone where it is absolute
  }
  return path;
}

NACRE_INLINE std::filesystem::path AtomicFile::folder() const {
  return path_.has_parent_path() ? path_.parent_path() : ".";
}

[[gnu::cold]] NACRE_INLINE void AtomicFile::open_temporary() {
  static std::atomic<unsigned> counter{0};
  while (true) {
    // Short, so that any name that fits the folder can be written.
    temporary_ = folder() / text(".nacre-", ::getpid(), "-", counter++, ".partial");
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ >= 0 && claim()) return;
    const int reason = errno;
    temporary_.clear();
    if (descriptor_ >= 0) {
      ::close(std::exchange(descriptor_, -1));  // another process took it for abandoned
    } else if (reason != EEXIST && reason != EINTR) {
      fail(reason, reason == ENOENT || reason == ENOTDIR ? "; create its folder first" : "");
    }
  }
}

/// Locks the temporary file; false where it has been removed before it could be locked. On a file system without locks
/// nobody removes what is not their own.
NACRE_INLINE bool AtomicFile::claim() const {
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) return errno != EWOULDBLOCK;
  struct ::stat opened {};
  return ::fstat(descriptor_, &opened) != 0 || opened.st_nlink > 0;
}

/// Removes the folder's temporary files whose writers are gone.
[[gnu::cold]] NACRE_INLINE void AtomicFile::remove_abandoned() const {
  ::DIR* const entries = ::opendir(folder().c_str());
  if (entries == nullptr) return;
  const int directory = ::dirfd(entries);
  while (const ::dirent* const entry = ::readdir(entries)) {
    const std::string_view name = entry->d_name;
    constexpr std::string_view ending = ".partial";
    if (name.substr(0, 7) != ".nacre-" || name.size() < ending.size() ||
        name.substr(name.size() - ending.size()) != ending) {
      continue;
    }
    const int file = ::openat(directory, entry->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) continue;
    // Who holds the lock is at work. A name is given once, so what is locked here is what is removed.
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) ::unlinkat(directory, entry->d_name, 0);
    ::close(file);
  }
  ::closedir(entries);
}

// The new name itself is on the disk only when the folder is. The file is in its place already, so a system that
// cannot do this to folders is no reason to give up.
[[gnu::cold]] NACRE_INLINE void AtomicFile::sync_folder() const {
  const int descriptor = ::open(folder().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  static_cast<void>(::fsync(descriptor));
  ::close(descriptor);
}

[[noreturn, gnu::cold]] NACRE_INLINE void AtomicFile::fail(int reason, std::string_view fix) const {
  throw FileError(text(path_.string(), ": cannot be written: ", std::generic_category().message(reason), fix));
}

}  // namespace nacre
