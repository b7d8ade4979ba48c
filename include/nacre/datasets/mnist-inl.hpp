#pragma once
// The bodies of mnist.hpp: where MNIST is looked for, and its four files.

#include <array>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/datasets/idx.hpp>
#include <nacre/datasets/mnist.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

namespace detail {

struct MnistPlace {
  std::filesystem::path directory;
  std::string why;  ///< what makes it a place to look in, for messages
};

/// The folders that MNIST is looked for in, in order.
inline List<MnistPlace> mnist_places(const std::filesystem::path& directory) {
  if (!directory.empty()) return {{directory, "the directory that was asked for"}};
  const auto variable = [](const char* name) -> std::filesystem::path {
    const char* value = std::getenv(name);
    return value ? value : "";
  };
  List<MnistPlace> places;
  if (const auto data = variable("NACRE_DATA"); !data.empty()) places.push_back({data / "mnist", "$NACRE_DATA/mnist"});
  places.push_back({std::filesystem::path("data") / "mnist", "below the current folder"});
  // The XDG base directory specification says to ignore a relative path.
  auto cache = variable("XDG_CACHE_HOME");
  if (const auto home = variable("HOME"); !cache.is_absolute() && !home.empty()) cache = home / ".cache";
  if (cache.is_absolute()) places.push_back({cache / "nacre" / "mnist", "the cache folder"});
  return places;
}

/// The four files' names, by what stands before and after "images" and "labels" in MNIST's own.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 4> mnist_files{
    {{"train-images", "idx3-ubyte"},
     {"train-labels", "idx1-ubyte"},
     {"t10k-images", "idx3-ubyte"},
     {"t10k-labels", "idx1-ubyte"}}};

/// The file as it is named in `directory`: train-images-idx3-ubyte or train-images.idx3-ubyte, with or without .gz.
inline std::optional<std::filesystem::path> find_mnist_file(const std::filesystem::path& directory, std::size_t file) {
  const auto& [name, type] = mnist_files[file];
  for (const char* ending : {"", ".gz"}) {
    for (const char separator : {'-', '.'}) {
      std::filesystem::path path = directory / text(name, separator, type, ending);
      std::error_code error;
      if (std::filesystem::is_regular_file(path, error)) return path;
    }
  }
  return std::nullopt;
}

/// What keeps `directory` from being MNIST's; empty if it is.
inline std::string mnist_fault(const std::filesystem::path& directory) {
  std::error_code error;
  if (!std::filesystem::is_directory(directory, error)) return "no such folder";
  for (std::size_t file = 0; file < mnist_files.size(); ++file) {
    const auto& [name, type] = mnist_files[file];
    if (!find_mnist_file(directory, file)) return text("no file ", name, "-", type, " or ", name, "-", type, ".gz");
  }
  return "";
}

NACRE_SETUP std::string mnist_search_report(const std::filesystem::path& directory) {
  std::string report;
  for (const MnistPlace& place : mnist_places(directory)) {
    report += text("\n  ", place.directory.string(), " (", place.why, "): ", mnist_fault(place.directory));
  }
  return report;
}

}  // namespace detail

NACRE_SETUP std::optional<std::filesystem::path> find_mnist(const std::filesystem::path& directory) {
  for (const detail::MnistPlace& place : detail::mnist_places(directory)) {
    if (detail::mnist_fault(place.directory).empty()) return place.directory;
  }
  return std::nullopt;
}

NACRE_SETUP Mnist mnist(const MnistOptions& options) {
  const auto directory = find_mnist(options.directory);
  if (!directory) {
    throw FileError("mnist: not found. Looked in:" + detail::mnist_search_report(options.directory) +
                    "\nPut its four files into one of these folders (scripts/demo downloads them), or name theirs with "
                    "datasets::mnist({.directory = ...}); datasets::synthetic_digits draws a stand-in.");
  }
  const auto part = [&](std::size_t images, std::size_t labels) {
    return idx(*detail::find_mnist_file(*directory, images), *detail::find_mnist_file(*directory, labels),
               {.one_hot = options.one_hot, .classes = 10, .scale = options.scale});
  };
  Mnist parts{part(0, 1), part(2, 3)};
  require<FormatError>(parts.train.feature_shape() == parts.test.feature_shape(), directory->string(),
                       ": expected test images of the training images' shape ", parts.train.feature_shape(), ", found ",
                       parts.test.feature_shape());
  return parts;
}

}  // namespace nacre::datasets
