#pragma once
// The bodies of cifar.hpp.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/words.hpp>
#include <nacre/datasets/cifar.hpp>
#include <nacre/datasets/file.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

namespace detail {

/// What a file's records are like.
struct CifarRecords {
  std::size_t labels;    ///< bytes of labels that a record begins with
  std::size_t label;     ///< which of them is wanted
  std::int64_t classes;  ///< the wanted label is below it
};

/// Appends the records of a file. Throws FormatError for a part of a record and for a label that is none.
NACRE_SETUP void append_cifar(const std::filesystem::path& directory, const char* name, const CifarRecords& records,
                              std::vector<std::uint8_t>& pixels, std::vector<std::uint8_t>& labels) {
  constexpr std::size_t plane = 32 * 32;
  constexpr std::size_t most = 1'000'000;  // records of a file
  std::filesystem::path path = directory / name;
  std::error_code error;
  if (!std::filesystem::exists(path, error) && std::filesystem::exists(path.string() + ".gz", error)) path += ".gz";
  FileReader file(path);
  std::vector<std::uint8_t> record(records.labels + 3 * plane);
  for (std::size_t index = 0;; ++index) {
    const std::size_t found = file.read(record.data(), record.size());
    if (found == 0 && index > 0) return;
    require<FormatError>(found == record.size(), file.name(), ": expected records of ", record.size(), " bytes, found ",
                         found, " at record ", index);
    require<FormatError>(index < most, file.name(), ": expected at most ", most, " records, found more");
    const std::uint8_t label = record[records.label];
    require<FormatError>(label < records.classes, file.name(), ": expected labels from 0 to ", records.classes - 1,
                         ", found ", static_cast<int>(label), " at record ", index);
    labels.push_back(label);
    const std::size_t first = pixels.size();
    pixels.resize(first + 3 * plane);
    for (std::size_t channel = 0; channel < 3; ++channel) {
      const std::uint8_t* from = record.data() + records.labels + channel * plane;
      for (std::size_t i = 0; i < plane; ++i) pixels[first + 3 * i + channel] = from[i];
    }
  }
}

NACRE_SETUP Dataset read_cifar(const std::filesystem::path& directory, const List<const char*>& files,
                               const CifarRecords& records, bool one_hot, double scale) {
  std::vector<std::uint8_t> pixels;
  std::vector<std::uint8_t> labels;
  for (const char* file : files) append_cifar(directory, file, records, pixels, labels);
  const auto count = static_cast<std::int64_t>(labels.size());
  const Dataset data(Column(std::move(pixels), count, {32, 32, 3}).with_scale(scale),
                     Column(std::move(labels), count, Shape{}));
  return one_hot ? data.one_hot(records.classes) : data;
}

/// The folder to read from. Throws FileError, which says where it looked.
NACRE_SETUP std::filesystem::path find_cifar(const std::filesystem::path& directory, const char* folder,
                                             const char* file) {
  List<std::filesystem::path> places;
  if (!directory.empty()) {
    places.push_back(directory);
  } else {
    const char* data = std::getenv("NACRE_DATA");
    if (data != nullptr && *data != '\0') places.push_back(std::filesystem::path(data) / folder);
    places.push_back(std::filesystem::path("data") / folder);
  }
  std::string looked;
  for (const std::filesystem::path& place : places) {
    std::error_code error;
    if (std::filesystem::exists(place / file, error) ||
        std::filesystem::exists(place / (std::string(file) + ".gz"), error)) {
      return place;
    }
    looked += "\n  " + place.string();
  }
  throw FileError(
      text(folder, ": expected a file ", file, ", found none in:", looked,
           "\nUnpack the binary version of the data set there, or name its folder with {.directory = ...}"));
}

}  // namespace detail

NACRE_SETUP Cifar cifar10(const Cifar10Options& options) {
  const std::filesystem::path folder =
      detail::find_cifar(options.directory, "cifar-10-batches-bin", "data_batch_1.bin");
  const detail::CifarRecords records{1, 0, 10};
  const List<const char*> train{"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
                                "data_batch_5.bin"};
  return {detail::read_cifar(folder, train, records, options.one_hot, options.scale),
          detail::read_cifar(folder, {"test_batch.bin"}, records, options.one_hot, options.scale)};
}

NACRE_SETUP Cifar cifar100(const Cifar100Options& options) {
  require_one_of("cifar100", "label_mode", options.label_mode, {"fine", "coarse"});
  const std::filesystem::path folder = detail::find_cifar(options.directory, "cifar-100-binary", "train.bin");
  const bool fine = options.label_mode == "fine";
  const detail::CifarRecords records{2, fine ? std::size_t{1} : std::size_t{0}, fine ? 100 : 20};
  return {detail::read_cifar(folder, {"train.bin"}, records, options.one_hot, options.scale),
          detail::read_cifar(folder, {"test.bin"}, records, options.one_hot, options.scale)};
}

}  // namespace nacre::datasets
