#pragma once
// CIFAR-10 and CIFAR-100: small coloured pictures. A. Krizhevsky, "Learning multiple layers of features from tiny
// images", 2009; the binary version of https://www.cs.toronto.edu/~kriz/cifar.html.

#include <filesystem>
#include <string>

#include <nacre/core/compiled.hpp>
#include <nacre/data/dataset.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

/// How `cifar10` reads.
struct Cifar10Options {
  /// The folder of the files; empty: `$NACRE_DATA/cifar-10-batches-bin`, or `./data/cifar-10-batches-bin`.
  std::filesystem::path directory = {};
  bool one_hot = false;      ///< labels as one-hot rows (10,) instead of class numbers ()
  double scale = 1.0 / 255;  ///< a pixel's value, 0 to 255, is multiplied by it as a batch is gathered
};

/// How `cifar100` reads.
struct Cifar100Options {
  /// The folder of the files; empty: `$NACRE_DATA/cifar-100-binary`, or `./data/cifar-100-binary`.
  std::filesystem::path directory = {};
  std::string label_mode = "fine";  ///< "fine": 100 classes, "coarse": the 20 that these belong to
  bool one_hot = false;
  double scale = 1.0 / 255;
};

/// Training and test pictures, (32, 32, 3).
struct Cifar {
  Dataset train;
  Dataset test;
};

/// Reads data_batch_1.bin to data_batch_5.bin and test_batch.bin: records of a label and 3 planes of 32 x 32 bytes,
/// which become pixels of 3 channels. Files may be gzipped, and may have fewer records than the 10,000 of the original.
/// Throws FileError for one that is missing, FormatError for one of broken records or with a label above 9.
Cifar cifar10(const Cifar10Options& options = {});

/// Reads train.bin and test.bin, whose records have two labels. Throws as `cifar10`, and ValueError for another
/// label_mode.
Cifar cifar100(const Cifar100Options& options = {});

}  // namespace nacre::datasets

#if NACRE_HEADER_ONLY
#include <nacre/datasets/cifar-inl.hpp>
#endif
