#pragma once
// AtomicFile: a file that is there whole or not at all.

#include <cstddef>
#include <filesystem>
#include <string_view>

#include <nacre/core/compiled.hpp>
#include <nacre/core/error.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Writes a file under a temporary name in the same folder, and gives it its own name when all of it is on the disk: a
/// reader finds the old file or the new one, never a part, also after a crash or a power cut. Without `commit` the old
/// file stays as it is and the temporary one is removed. A file that is replaced keeps its permissions; a symbolic link
/// keeps its place, and the file that it names is replaced, or made where there is none.
///
/// Temporary files, `.nacre-<process>-<number>.partial`, are locked by their writer. Those that killed writers
/// left in a folder are no longer locked: the next AtomicFile in that folder removes them.
class AtomicFile {
 public:
  /// Throws FileError, with the reason, where no file can be written in that folder or `path` is something else than a
  /// file.
  explicit AtomicFile(const std::filesystem::path& path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  /// Appends `size` bytes. Throws FileError, with the reason, where they cannot be written: a full disk, for one.
  void write(const void* data, std::size_t size);
  void write(std::string_view text) { write(text.data(), text.size()); }

  /// Puts the file in its place. Throws FileError, with the reason, where that fails; the old file is whole then.
  void commit();

 private:
  static std::filesystem::path target(std::filesystem::path path);
  std::filesystem::path folder() const;
  void open_temporary();
  bool claim() const;
  void remove_abandoned() const;
  void sync_folder() const;
  [[noreturn]] void fail(int reason, std::string_view fix = "") const;

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/core/atomic_file-inl.hpp>
#endif
