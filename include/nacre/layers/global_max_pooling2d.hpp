#pragma once
// GlobalMaxPooling2D: largest value of each channel.

#include <utility>

#include <nacre/layers/pooling.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The largest value over height and width. Input (batch, height, width, channels), output (batch, channels), or
/// (batch, 1, 1, channels) with `keepdims`.
struct GlobalMaxPooling2D : detail::GlobalPooling<GlobalMaxPooling2D, 2> {
  static constexpr std::string_view type_name = "GlobalMaxPooling2D";
  GlobalMaxPooling2D(GlobalPoolingOptions options = {});

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

inline GlobalMaxPooling2D::GlobalMaxPooling2D(GlobalPoolingOptions chosen) : GlobalPooling(std::move(chosen)) {}

}  // namespace nacre
