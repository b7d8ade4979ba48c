#pragma once
// Files that grow by a line at a time, as those of CSVLogger.

#include <filesystem>
#include <string>
#include <string_view>

#include <nacre/core/compiled.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// The whole file; empty where there is none, and for devices, which may have no end.
[[gnu::cold]] std::string whole_text(const std::filesystem::path& path);

/// Makes the file, or empties it unless `append` keeps what is there; returns its text. Throws FileError where it
/// cannot be written, with `writer` in front.
[[gnu::cold]] std::string begin_log(const std::filesystem::path& path, bool append, std::string_view writer);

/// Adds `text` to the file; where not all of it can be written, nothing is added, and FileError is thrown.
[[gnu::cold]] void append_to_log(const std::filesystem::path& path, std::string_view text, std::string_view writer);

}  // namespace nacre::detail

#if NACRE_HEADER_ONLY
#include <nacre/core/log_file-inl.hpp>
#endif
