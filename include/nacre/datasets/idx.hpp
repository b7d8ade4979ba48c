#pragma once
// The IDX format of MNIST and its relatives: http://yann.lecun.com/exdb/mnist/, "The IDX file format".

#include <cstdint>
#include <filesystem>

#include <nacre/core/compiled.hpp>
#include <nacre/data/dataset.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

/// How `idx` reads a pair of files.
struct IdxOptions {
  bool one_hot = false;      ///< labels as one-hot rows instead of class numbers
  std::int64_t classes = 0;  ///< labels are below it; 0: one more than the largest label found
  double scale = 1.0 / 255;  ///< a pixel is multiplied by it as a batch is gathered
  /// A file that says it holds more is refused before memory is taken: a gzipped one of a megabyte can claim a
  /// gigabyte. The largest of MNIST's relatives, EMNIST's 814,255 images, has 638 megabytes.
  std::int64_t max_bytes = std::int64_t{1} << 30;
  /// Whether images stay in their file, whose pages the system reads as they are needed; it must not change meanwhile.
  /// Gzipped files cannot be mapped. `max_bytes` does not count then: no memory is taken.
  bool mapped = false;
};

/// Reads a pair of IDX files: MNIST, Fashion-MNIST, KMNIST, EMNIST and their like. Files may be gzipped; what they
/// contain decides, not their names.
///
/// Features are (height, width, 1) and stay bytes in memory, scaled as a batch is gathered (by 1/255: 0 to 1). Targets
/// are class numbers of shape (), or one-hot rows.
///
///     Dataset fashion = datasets::idx("fashion/train-images-idx3-ubyte.gz", "fashion/train-labels-idx1-ubyte.gz");
///
/// @param images unsigned bytes in three dimensions: (count, height, width).
/// @param labels unsigned bytes in one dimension: (count,).
/// Throws FileError for a file that is missing or cannot be read, FormatError for one whose content is not as said:
/// another magic number, too short or too long for its sizes, a label out of range, unequal counts, a broken gzip
/// stream. Throws ValueError for negative `classes`, and for a gzipped file that is to be mapped.
Dataset idx(const std::filesystem::path& images, const std::filesystem::path& labels, const IdxOptions& options = {});

}  // namespace nacre::datasets

#if NACRE_HEADER_ONLY
#include <nacre/datasets/idx-inl.hpp>
#endif
