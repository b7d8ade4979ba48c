#pragma once
// GlobalAveragePooling2D: mean of each channel.

#include <utility>

#include <nacre/layers/pooling.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The mean over height and width. Input (batch, height, width, channels), output (batch, channels), or (batch, 1, 1,
/// channels) with `keepdims`.
struct GlobalAveragePooling2D : detail::GlobalPooling<GlobalAveragePooling2D, 2> {
  static constexpr std::string_view type_name = "GlobalAveragePooling2D";
  GlobalAveragePooling2D(GlobalPoolingOptions options = {});

  /// Throws ShapeError for an input of another rank.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.backward_reads({.inputs = false, .output = false});
    return output_shape(input);
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    detail::global_average_pool_forward(step);
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    detail::global_average_pool_backward(step);
  }
};

inline GlobalAveragePooling2D::GlobalAveragePooling2D(GlobalPoolingOptions chosen) : GlobalPooling(std::move(chosen)) {}

}  // namespace nacre
