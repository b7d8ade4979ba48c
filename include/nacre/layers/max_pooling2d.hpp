#pragma once
// MaxPooling2D: the largest of each window.

#include <optional>
#include <utility>

#include <nacre/layers/pooling.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

struct Conv2DMaxPooling2D;

/// The largest value of each window, channel by channel; padding never wins. Input
/// (batch, height, width, channels), output (batch, rows, columns, channels). The gradient goes to the first of equals.
struct MaxPooling2D : detail::WindowPooling<MaxPooling2D, Size2D> {
  static constexpr std::string_view type_name = "MaxPooling2D";

  /// Throws ValueError for sizes below 1.
  MaxPooling2D(Size2D pool_size = 2, Pooling2DOptions options = {});

  template <class T>
  void forward(const Forward<T>& step) const {
    detail::max_pool_forward(step, pool_shape(step));
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    detail::max_pool_backward(step, pool_shape(step));
  }

  /// With the Conv2D before it, where the kernels can do both in one.
  std::optional<Conv2DMaxPooling2D> join_previous(const Layer& previous, const Shape& input) const;
};

inline MaxPooling2D::MaxPooling2D(Size2D pool, Pooling2DOptions chosen) : WindowPooling(pool, std::move(chosen)) {}

}  // namespace nacre

#include <nacre/layers/conv2d_max_pooling2d.hpp>
