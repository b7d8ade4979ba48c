#pragma once
// MaxPooling1D: the largest of each window of a sequence.

#include <utility>

#include <nacre/layers/pooling.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The largest value of each window, channel by channel; padding never wins. Input
/// (batch, steps, channels), output (batch, positions, channels). The gradient goes to the first of equals.
struct MaxPooling1D : detail::WindowPooling<MaxPooling1D, Size1D> {
  static constexpr std::string_view type_name = "MaxPooling1D";

  /// Throws ValueError for sizes below 1.
  MaxPooling1D(Size1D pool_size = 2, Pooling1DOptions options = {});

  template <class T>
  void forward(const Forward<T>& step) const {
    detail::max_pool_forward(step, pool_shape(step));
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    detail::max_pool_backward(step, pool_shape(step));
  }
};

inline MaxPooling1D::MaxPooling1D(Size1D pool, Pooling1DOptions chosen) : WindowPooling(pool, std::move(chosen)) {}

}  // namespace nacre
