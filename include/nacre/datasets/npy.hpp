#pragma once
// NumPy's files of one array: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.

#include <cstdint>
#include <filesystem>

#include <nacre/core/compiled.hpp>
#include <nacre/data/column.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

/// How `npy` reads.
struct NpyOptions {
  /// Whether the numbers stay in the file, whose pages the system reads as they are needed, so that a data set may be
  /// larger than the memory. For numbers that are stored as a Column stores them; the file must not change meanwhile.
  bool mapped = false;
  /// An array that says it is larger is refused before memory is taken. (A mapped one takes none.)
  std::int64_t max_bytes = std::int64_t{1} << 32;
};

/// Reads an array (samples, ...) that `numpy.save` wrote, plain or gzipped:
///
///     Dataset data(datasets::npy("x.npy"), datasets::npy("y.npy"));
///
/// Versions 1 to 3 of the format, with bool, int8 to int64, uint8 to uint64, float16, float32 and float64 in
/// little-endian order. uint8, int32, float32 and float64 stay as they are; float16 becomes float32; others become
/// int32 where all of them fit, otherwise float64. What lies in Fortran's order is put into C's.
///
/// Throws FileError for a file that cannot be read; FormatError for one that is no such array, has other numbers, is
/// too short or too long for its shape, has an extent of 0 or a single number, or is larger than `max_bytes`;
/// ValueError for numbers that cannot be mapped.
Column npy(const std::filesystem::path& path, const NpyOptions& options = {});

}  // namespace nacre::datasets

#if NACRE_HEADER_ONLY
#include <nacre/datasets/npy-inl.hpp>
#endif
