#pragma once
// Convolutions with the batch normalizations, ReLUs and the sum behind them, computed in one: a network puts them
// together by itself.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <nacre/core/compiled.hpp>
#include <nacre/core/list.hpp>
#include <nacre/kernels/normalization.hpp>
#include <nacre/layers/batch_normalization.hpp>
#include <nacre/layers/image_convolution.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A convolution of images or sequences, a BatchNormalization behind it, and maybe a ReLU. Of a separable convolution
/// the depthwise one is a stage without a normalization.
struct NormalizedConvolution {
  std::optional<Layer> convolution;  ///< whose weights these are; none: they are those of the stage before, too
  detail::ConvolutionGeometry geometry;
  std::optional<BatchNormalization> normalization;
  bool relu = false;
};

/// Stages one after another, with the second input added before the last ReLU where `adds` is set. Between the stages
/// nothing is written to memory but what the convolutions put out: normalization and ReLU are computed as the next
/// stage reads it, sample by sample, in the forward pass and again in the backward pass. Where no backward pass
/// follows, the normalization is part of the kernel and a sample goes through all stages at once. Not for models;
/// BatchNormalization::join_previous makes it. Weights are those of all members in order.
struct NormalizedConvolutions {
  static constexpr std::string_view type_name = "NormalizedConvolutions";
  static constexpr std::size_t most_stages = 4;

  List<NormalizedConvolution> stages;
  bool adds = false;
  void fields(Fields&) {}  // it is never saved

  Shape build(const Shapes& inputs, LayerBuilder& builder) const;
  template <class T>
  void forward(const Forward<T>& step) const;
  template <class T>
  void predict(const Forward<T>& step) const;
  template <class T>
  void backward(const Backward<T>& step) const;

  /// With a ReLU, a sum or such a layer behind it.
  std::optional<NormalizedConvolutions> join(const Layer& next, const Shape& input) const;
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/normalized_convolutions-inl.hpp>
#endif
