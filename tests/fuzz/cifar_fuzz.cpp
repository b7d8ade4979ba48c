// The records of CIFAR-10 and CIFAR-100.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include <nacre/datasets/cifar.hpp>

#include "fuzz/fuzzing.hpp"

using namespace nacre;

namespace {

/// A folder whose files are all the same, by other names.
class Folder {
 public:
  explicit Folder(const std::filesystem::path& file) {
    path_ = file;
    path_ += "-folder";
    std::filesystem::create_directory(path_);
    for (const char* name : {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
                             "data_batch_5.bin", "test_batch.bin", "train.bin", "test.bin"}) {
      std::error_code ignored;
      std::filesystem::create_symlink(file, path_ / name, ignored);
    }
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static testing::FuzzFile file("records");
  static const Folder folder(file.write(data, size));
  file.write(data, size);
  testing::expect_errors_only([&] { static_cast<void>(datasets::cifar10({.directory = folder.path()})); });
  testing::expect_errors_only([&] { static_cast<void>(datasets::cifar100({.directory = folder.path()})); });
  return 0;
}
