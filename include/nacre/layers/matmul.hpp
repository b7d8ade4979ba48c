#pragma once
// MatMul: products of the matrices of two inputs.

#include <string>

#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

template <class T>
void matmul_forward(const Forward<T>& step);
template <class T>
void matmul_backward(const Backward<T>& step);

}  // namespace detail

/// Inputs (batch, ..., rows, depth) and (batch, ..., depth, columns), output (batch, ..., rows, columns): the product
/// of the last two axes. The axes between broadcast as those of Add do. `ops::matmul` calls it.
struct MatMul : Callable<MatMul> {
  static constexpr std::string_view type_name = "MatMul";
  MatMul(std::string name = {});

  std::string name;
  void fields(Fields& list) { list("name", name); }

  /// Throws ShapeError for samples that are no matrices, and for matrices that have no product.
  Shape build(const Shapes& inputs, LayerBuilder& builder) const;
  template <class T>
  void forward(const Forward<T>& step) const {
    detail::matmul_forward(step);
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    detail::matmul_backward(step);
  }
};

inline MatMul::MatMul(std::string layer_name) : name(std::move(layer_name)) {}

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/matmul-inl.hpp>
#endif
