#pragma once
// Bodies of core/log_file.hpp.

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include <nacre/core/error.hpp>
#include <nacre/core/log_file.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

[[noreturn, gnu::cold]] NACRE_INLINE void cannot_write_log(const std::filesystem::path& path, std::string_view writer) {
  throw FileError(text(writer, ": cannot write ", path.string(),
                       "; does its folder exist, may this program write there, and is the disk full?"));
}

[[gnu::cold]] NACRE_INLINE std::string whole_text(const std::filesystem::path& path) {
  std::string content;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return content;
  if (std::FILE* const file = std::fopen(path.c_str(), "rbe")) {
    char bytes[4096];
    for (std::size_t size; (size = std::fread(bytes, 1, sizeof bytes, file)) > 0;) content.append(bytes, size);
    std::fclose(file);
  }
  return content;
}

[[gnu::cold]] NACRE_INLINE std::string begin_log(const std::filesystem::path& path, bool append,
                                                 std::string_view writer) {
  const int created = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | (append ? 0 : O_TRUNC), 0666);
  if (created < 0) cannot_write_log(path, writer);
  ::close(created);
  return whole_text(path);
}

[[gnu::cold]] NACRE_INLINE void append_to_log(const std::filesystem::path& path, std::string_view text,
                                              std::string_view writer) {
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) cannot_write_log(path, writer);
  const ::off_t size = ::lseek(file, 0, SEEK_END);
  const ::ssize_t written = ::write(file, text.data(), text.size());
  const bool complete = written == static_cast<::ssize_t>(text.size());
  if (!complete && written > 0 && size >= 0) static_cast<void>(::ftruncate(file, size) == 0);
  const bool closed = ::close(file) == 0;
  if (!complete || !closed) cannot_write_log(path, writer);
}

}  // namespace nacre::detail
