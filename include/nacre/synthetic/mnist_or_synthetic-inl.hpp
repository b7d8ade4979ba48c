#pragma once
// The body of mnist_or_synthetic.hpp.

#include <iostream>
#include <string>
#include <utility>

#include <nacre/datasets/mnist.hpp>
#include <nacre/synthetic/mnist_or_synthetic.hpp>
#include <nacre/synthetic/synthetic_digits.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

NACRE_INLINE MnistOrSynthetic mnist_or_synthetic(const MnistOptions& options, const StandInOptions& stand_in) {
  if (!options.directory.empty() || find_mnist()) {
    Mnist parts = mnist(options);
    return {std::move(parts.train), std::move(parts.test), "mnist"};
  }
  std::cerr << "\n"
               "****************************************************************************\n"
               "*  MNIST was not found. The digits used instead are SYNTHETIC: drawn by a  *\n"
               "*  program, not written by people. No score below is a score on MNIST.     *\n"
               "****************************************************************************\n"
               "Looked in:"
            << detail::mnist_search_report({}) << "\n\n";
  const SyntheticDigitsOptions form{.one_hot = options.one_hot, .scale = options.scale};
  return {synthetic_digits(stand_in.train, stand_in.train_seed, form),
          synthetic_digits(stand_in.test, stand_in.test_seed, form), "synthetic"};
}

}  // namespace nacre::datasets
