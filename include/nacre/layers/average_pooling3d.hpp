#pragma once
// AveragePooling3D: the mean of each window of a volume.

#include <utility>

#include <nacre/layers/pooling.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The mean of each window, channel by channel; padding does not count. Input
/// (batch, depth, height, width, channels), output (batch, planes, rows, columns, channels).
struct AveragePooling3D : detail::WindowPooling<AveragePooling3D, Size3D> {
  static constexpr std::string_view type_name = "AveragePooling3D";

  /// Throws ValueError for sizes below 1.
  AveragePooling3D(Size3D pool_size = 2, Pooling3DOptions options = {});

  template <class T>
  void forward(const Forward<T>& step) const {
    detail::average_pool_forward(step, pool_shape(step));
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    detail::average_pool_backward(step, pool_shape(step));
  }
};

inline AveragePooling3D::AveragePooling3D(Size3D pool, Pooling3DOptions chosen)
    : WindowPooling(pool, std::move(chosen)) {}

}  // namespace nacre
