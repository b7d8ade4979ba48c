#pragma once
// NumPy's files of several arrays: zip archives of .npy files.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/data/column.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

namespace detail {
class ZipArchive;
}

/// How `Npz` reads.
struct NpzOptions {
  /// An array that says it is larger is refused before memory is taken.
  std::int64_t max_bytes = std::int64_t{1} << 32;
};

/// The arrays of a file that `numpy.savez` or `numpy.savez_compressed` wrote, each read when it is asked for:
///
///     const datasets::Npz mnist("mnist.npz");
///     Dataset train(mnist["x_train"], mnist["y_train"]);
///
/// Archives may be zip64 ones. Compressed arrays need zlib; all checksums are verified.
class Npz {
 public:
  /// Reads the list of arrays. Throws FileError for a file that cannot be read, FormatError for one that is no zip
  /// archive, or is broken.
  explicit Npz(const std::filesystem::path& path, const NpzOptions& options = {});

  /// The names of the arrays, in the file's order.
  std::vector<std::string> names() const;
  bool contains(std::string_view name) const;

  /// The array of that name, as `npy` gives it. Throws ValueError, with the names there are, where there is none, and
  /// what `npy` throws.
  Column operator[](std::string_view name) const;

 private:
  std::shared_ptr<const detail::ZipArchive> archive_;
  NpzOptions options_;
};

}  // namespace nacre::datasets

#if NACRE_HEADER_ONLY
#include <nacre/datasets/npz-inl.hpp>
#endif
