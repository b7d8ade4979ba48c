#pragma once
// MNIST: 70,000 handwritten digits. LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document
// recognition", Proceedings of the IEEE 86 (1998).

#include <filesystem>
#include <optional>
#include <string>

#include <nacre/core/compiled.hpp>
#include <nacre/data/dataset.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

/// How `mnist` reads.
struct MnistOptions {
  std::filesystem::path directory = {};  ///< the only folder to look in; empty: the usual places
  bool one_hot = false;                  ///< labels as one-hot rows (10,) instead of class numbers ()
  double scale = 1.0 / 255;              ///< a pixel, 0 to 255, is multiplied by it as a batch is gathered
};

/// MNIST's two parts: 60,000 and 10,000 images (28, 28, 1) in its canonical files.
struct Mnist {
  Dataset train;
  Dataset test;
};

/// The folder that `mnist` reads from: the first to hold all four files of `directory` (where one is given, no other is
/// looked in), `$NACRE_DATA/mnist`, `./data/mnist`, and `nacre/mnist` in the user's cache folder (`$XDG_CACHE_HOME` or
/// `~/.cache`). Nothing if there is none.
std::optional<std::filesystem::path> find_mnist(const std::filesystem::path& directory = {});

/// Reads MNIST from the folder that `find_mnist` finds. Its files are named as their publishers name them,
/// train-images-idx3-ubyte and so on, gzipped or not.
///
///     auto [train, test] = datasets::mnist({.one_hot = true});
///
/// Throws FileError, which says where it looked, if it is in none of those places; FormatError for a broken file, a
/// label above 9, and training and test images of different sizes.
Mnist mnist(const MnistOptions& options = {});

namespace detail {

/// A line for each place that was looked in.
std::string mnist_search_report(const std::filesystem::path& directory);

}  // namespace detail

}  // namespace nacre::datasets

#if NACRE_HEADER_ONLY
#include <nacre/datasets/mnist-inl.hpp>
#endif
