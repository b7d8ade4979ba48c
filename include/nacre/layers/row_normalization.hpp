#pragma once
// What layers have in common that normalize each row of a tensor by its own statistics.

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <nacre/core/axes.hpp>
#include <nacre/kernels/row_normalization.hpp>
#include <nacre/layers/axes_last.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/partial_gradients.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// What such a layer asks for.
struct RowNormalizationMemory {
  enum class Weights { gamma, beta };
  enum class Buffers { statistics };
  enum class Scratch { partial_gradients };
};

/// What such a layer computes.
struct RowNormalization {
  const Axes& axis;
  kernels::RowNorm norm;
  double epsilon;
  bool scale;
  bool center;

  AxesLast rows_of(const Shape& sample) const { return {"normalized", sample, axis}; }
};

/// Throws ValueError for no axes.
[[gnu::cold]] void require_axes(std::string_view layer, const Axes& axes);

/// Throws ValueError for an epsilon below 1e-37: rows of zeros would be divided by 0, as smaller numbers are 0 in
/// float.
[[gnu::cold]] void require_epsilon(std::string_view layer, double epsilon);

/// Asks for memory; the weights are the layer's own. Throws ShapeError for axes that the input does not have.
AxesLast build_row_normalization(const RowNormalization& normalization, const Shape& input, LayerBuilder& builder);

template <class T>
void row_normalization_forward(const RowNormalization& normalization, const Forward<T>& step);
template <class T>
void row_normalization_backward(const RowNormalization& normalization, const Backward<T>& step);

}  // namespace nacre::detail

#if NACRE_HEADER_ONLY
#include <nacre/layers/row_normalization-inl.hpp>
#endif
