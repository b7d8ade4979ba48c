#pragma once
// What the fuzz targets share.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

#include <unistd.h>

#include <nacre/core/error.hpp>

namespace nacre::testing {

/// A file for functions that read files. It lies in memory where the system has a place for that, and goes with the
/// process.
class FuzzFile {
 public:
  explicit FuzzFile(const std::string& name) {
    const std::filesystem::path memory = "/dev/shm";
    const std::filesystem::path folder =
        std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
    path_ = folder / ("nacre-fuzz-" + std::to_string(::getpid()) + "-" + name);
  }
  FuzzFile(const FuzzFile&) = delete;
  FuzzFile& operator=(const FuzzFile&) = delete;
  ~FuzzFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }

  const std::filesystem::path& write(const void* data, std::size_t size) {
    std::FILE* file = std::fopen(path_.c_str(), "wb");
    if (file == nullptr || std::fwrite(data, 1, size, file) != size) std::abort();
    std::fclose(file);
    return path_;
  }
  const std::filesystem::path& write(std::string_view text) { return write(text.data(), text.size()); }

 private:
  std::filesystem::path path_;
};

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Calls `read`, which may throw what nacre throws, and nothing else.
template <class Read>
void expect_errors_only(Read&& read) {
  try {
    read();
  } catch (const Error&) {
  }
}

}  // namespace nacre::testing
