#pragma once
// What the tests of saving share: a folder that goes away, some data, and a layer that is none of nacre's.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <unistd.h>

#include <nacre/core/random.hpp>
#include <nacre/core/xtensor.hpp>

/// A folder of the test's own, removed with all that is in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    static int counter = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("nacre-saving-" + std::to_string(::getpid()) + "-" + std::to_string(counter++));
    std::filesystem::create_directories(path_);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

  /// How many files and folders are in it.
  std::ptrdiff_t size() const { return std::distance(std::filesystem::directory_iterator(path_), {}); }

 private:
  std::filesystem::path path_;
};

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

inline void write_file(const std::filesystem::path& path, std::string_view content) {
  std::filesystem::remove(path);  // some systems wait for the disk where a file is truncated and written again
  std::ofstream(path, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
}

/// Numbers from -1 to 1, the same each time.
template <class T>
xt::xarray<T> random_numbers(const std::vector<std::size_t>& shape, std::uint64_t seed = 1) {
  auto numbers = xt::xarray<T>::from_shape(shape);
  const nacre::RandomStream random(seed);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers.data()[i] = static_cast<T>(2 * random.uniform(i) - 1);
  return numbers;
}

/// Whether two tensors have the same shape and the same bits.
template <class T>
bool same_bits(const xt::xarray<T>& a, const xt::xarray<T>& b) {
  return a.shape() == b.shape() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

/// One-hot rows.
template <class T>
xt::xarray<T> one_hot_rows(std::size_t rows, std::size_t classes, std::uint64_t seed = 2) {
  xt::xarray<T> result = xt::zeros<T>(std::vector<std::size_t>{rows, classes});
  const nacre::RandomStream random(seed);
  for (std::size_t row = 0; row < rows; ++row) result(row, random.below(classes, row)) = 1;
  return result;
}
