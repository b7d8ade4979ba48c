#pragma once
// The lines of a text file.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nacre/core/compiled.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

/// How `text_lines` reads.
struct TextLinesOptions {
  bool skip_empty = false;                         ///< whether empty lines are left out
  std::int64_t max_bytes = std::int64_t{1} << 30;  ///< the largest file, unpacked
};

/// The lines of a file, plain or gzipped, without their ends (\n or \r\n) and without a byte order mark; no line behind
/// the last end. For `StringLookup` and `TextVectorization`. Throws FileError for a file that cannot be read or is
/// larger than `max_bytes`.
std::vector<std::string> text_lines(const std::filesystem::path& path, const TextLinesOptions& options = {});

}  // namespace nacre::datasets

#if NACRE_HEADER_ONLY
#include <nacre/datasets/text_lines-inl.hpp>
#endif
