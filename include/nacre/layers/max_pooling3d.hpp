#pragma once
// MaxPooling3D: the largest of each window of a volume.

#include <utility>

#include <nacre/layers/pooling.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The largest value of each window, channel by channel; padding never wins. Input
/// (batch, depth, height, width, channels), output (batch, planes, rows, columns, channels). The gradient goes to the
/// first of equals.
struct MaxPooling3D : detail::WindowPooling<MaxPooling3D, Size3D> {
  static constexpr std::string_view type_name = "MaxPooling3D";

  /// Throws ValueError for sizes below 1.
  MaxPooling3D(Size3D pool_size = 2, Pooling3DOptions options = {});

  template <class T>
  void forward(const Forward<T>& step) const {
    detail::max_pool_forward(step, pool_shape(step));
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    detail::max_pool_backward(step, pool_shape(step));
  }
};

inline MaxPooling3D::MaxPooling3D(Size3D pool, Pooling3DOptions chosen) : WindowPooling(pool, std::move(chosen)) {}

}  // namespace nacre
