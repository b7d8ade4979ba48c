#pragma once
// MNIST where it can be found; otherwise drawn digits, announced.

#include <cstdint>
#include <string>

#include <nacre/core/compiled.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/datasets/mnist.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

/// Two parts of a data set, and which it is.
struct MnistOrSynthetic {
  Dataset train;
  Dataset test;
  std::string name;  ///< "mnist" or "synthetic": to be reported with every number computed from it
};

/// How many digits stand in for MNIST, and which.
struct StandInOptions {
  std::int64_t train = 60000;    ///< images to train on
  std::int64_t test = 10000;     ///< images to test with
  std::uint64_t train_seed = 1;  ///< what the training images are drawn from
  std::uint64_t test_seed = 2;   ///< what the test images are drawn from; another seed, other images
};

/// MNIST where `mnist` finds it. Otherwise `synthetic_digits`, so that a program still runs where nothing can be
/// downloaded: that is said on standard error, and `name` is "synthetic". Whoever asks for MNIST in a `directory` of
/// their own gets no stand-in: FileError if it is not there. Throws FormatError for broken files of MNIST.
MnistOrSynthetic mnist_or_synthetic(const MnistOptions& options = {}, const StandInOptions& stand_in = {});

}  // namespace nacre::datasets

#if NACRE_HEADER_ONLY
#include <nacre/synthetic/mnist_or_synthetic-inl.hpp>
#endif
