#pragma once
// What Add, Multiply, ... and functions of two tensors share: one function applied to all inputs in turn, with
// broadcasting.

#include <cstddef>
#include <cstdint>
#include <optional>

#include <nacre/kernels/functions.hpp>
#include <nacre/layers/broadcasting.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// f(f(a, b), c)... of all inputs, maybe divided by their number; or f of one input and a number.
struct Merge {
  kernels::Binary function = kernels::Binary::add;
  bool average = false;
  std::optional<double> number{};  ///< an operand of its own
  bool number_first = false;       ///< whether it is the first one

  /// Throws ShapeError for too few inputs and for shapes that do not broadcast.
  Shape build(const Shapes& inputs, LayerBuilder& builder) const;
  template <class T>
  void forward(const Forward<T>& step) const;
  template <class T>
  void backward(const Backward<T>& step) const;

  std::size_t operands(std::size_t inputs) const { return number ? 2 : inputs; }
  /// Which operand an input is.
  std::size_t operand_of(std::size_t input) const { return number && number_first ? 1 : input; }
  bool is_number(std::size_t operand) const { return number && (operand == 0) == number_first; }
  std::size_t input_of(std::size_t operand) const { return number ? 0 : operand; }
};

}  // namespace nacre::detail

#if NACRE_HEADER_ONLY
#include <nacre/layers/merge-inl.hpp>
#endif
