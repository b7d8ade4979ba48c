#pragma once
// GlobalMaxPooling1D: largest value of each channel.

#include <utility>

#include <nacre/layers/pooling.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The largest value over the steps. Input (batch, steps, channels), output (batch, channels), or (batch, 1, channels)
/// with `keepdims`.
struct GlobalMaxPooling1D : detail::GlobalPooling<GlobalMaxPooling1D, 1> {
  static constexpr std::string_view type_name = "GlobalMaxPooling1D";
  GlobalMaxPooling1D(GlobalPoolingOptions options = {});

  /// Throws ShapeError for an input of another rank.
  Shape build(const Shape& input, LayerBuilder&) const { return output_shape(input); }

  template <class T>
  void forward(const Forward<T>& step) const {
    detail::global_max_pool_forward(step);
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    detail::global_max_pool_backward(step);
  }
};

inline GlobalMaxPooling1D::GlobalMaxPooling1D(GlobalPoolingOptions chosen) : GlobalPooling(std::move(chosen)) {}

}  // namespace nacre
