#pragma once
// Which layers are convolutions that the kernels for images compute: for what joins them with their neighbours.

#include <optional>

#include <nacre/layers/conv1d.hpp>
#include <nacre/layers/conv2d.hpp>
#include <nacre/layers/depthwise_conv1d.hpp>
#include <nacre/layers/depthwise_conv2d.hpp>
#include <nacre/layers/separable_conv1d.hpp>
#include <nacre/layers/separable_conv2d.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// The geometry of a convolution of images or sequences; none for other layers.
[[gnu::cold]] inline std::optional<ConvolutionGeometry> image_convolution(const Layer& layer) {
  if (const auto* images = layer.get_if<Conv2D>()) return images->geometry();
  if (const auto* sequences = layer.get_if<Conv1D>()) return sequences->geometry();
  if (const auto* depthwise = layer.get_if<DepthwiseConv2D>()) return depthwise->geometry();
  if (const auto* depthwise = layer.get_if<DepthwiseConv1D>()) return depthwise->geometry();
  return std::nullopt;
}

/// The geometry of a separable convolution; none for other layers.
[[gnu::cold]] inline std::optional<SeparableGeometry> separable_convolution(const Layer& layer) {
  if (const auto* images = layer.get_if<SeparableConv2D>()) return images->geometry();
  if (const auto* sequences = layer.get_if<SeparableConv1D>()) return sequences->geometry();
  return std::nullopt;
}

}  // namespace nacre::detail
