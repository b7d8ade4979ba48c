#pragma once
// AveragePooling2D: the mean of each window.

#include <utility>

#include <nacre/layers/pooling.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The mean of each window, channel by channel; padding does not count. Input
/// (batch, height, width, channels), output (batch, rows, columns, channels).
struct AveragePooling2D : detail::WindowPooling<AveragePooling2D, Size2D> {
  static constexpr std::string_view type_name = "AveragePooling2D";

  /// Throws ValueError for sizes below 1.
  AveragePooling2D(Size2D pool_size = 2, Pooling2DOptions options = {});

  template <class T>
  void forward(const Forward<T>& step) const {
    detail::average_pool_forward(step, pool_shape(step));
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    detail::average_pool_backward(step, pool_shape(step));
  }
};

inline AveragePooling2D::AveragePooling2D(Size2D pool, Pooling2DOptions chosen)
    : WindowPooling(pool, std::move(chosen)) {}

}  // namespace nacre
