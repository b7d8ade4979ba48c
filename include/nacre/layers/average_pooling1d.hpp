#pragma once
// AveragePooling1D: the mean of each window of a sequence.

#include <utility>

#include <nacre/layers/pooling.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The mean of each window, channel by channel; padding does not count. Input
/// (batch, steps, channels), output (batch, positions, channels).
struct AveragePooling1D : detail::WindowPooling<AveragePooling1D, Size1D> {
  static constexpr std::string_view type_name = "AveragePooling1D";

  /// Throws ValueError for sizes below 1.
  AveragePooling1D(Size1D pool_size = 2, Pooling1DOptions options = {});

  template <class T>
  void forward(const Forward<T>& step) const {
    detail::average_pool_forward(step, pool_shape(step));
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    detail::average_pool_backward(step, pool_shape(step));
  }
};

inline AveragePooling1D::AveragePooling1D(Size1D pool, Pooling1DOptions chosen)
    : WindowPooling(pool, std::move(chosen)) {}

}  // namespace nacre
