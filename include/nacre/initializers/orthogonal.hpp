#pragma once
// Orthogonal: weights whose rows or columns are orthonormal.

#include <nacre/initializers/initializer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A random matrix with orthonormal columns, or rows where there are more columns than rows, times `gain`: the default
/// of recurrent kernels. All axes of a weight but the last count as rows. The matrix is the Q, with a positive
/// diagonal of R, of the QR decomposition of standard normal numbers, as in Keras. Saxe, McClelland and Ganguli, "Exact
/// solutions to the nonlinear dynamics of learning in deep linear neural networks", 2014.
struct Orthogonal {
  static constexpr std::string_view type_name = "Orthogonal";
  double gain = 1;
  void fields(Fields& list) { list("gain", gain); }

  /// Throws ValueError for a weight of fewer than two axes.
  void fill(const Initialization& step) const;
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/initializers/orthogonal-inl.hpp>
#endif
