#pragma once
// adapt: what preprocessing layers learn from data before a model is trained.

#include <cstddef>

#include <nacre/core/compiled.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/layers/discretization.hpp>
#include <nacre/layers/integer_lookup.hpp>
#include <nacre/layers/normalization.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Sets the layer's mean and variance to those of the features in that column of `data`, for each place of its axes.
/// Sums grow in double. Throws ValueError for data without samples, ShapeError for axes that it does not have.
void adapt(Normalization& layer, const Dataset& data, std::size_t column = 0);

/// Sets the layer's boundaries so that each of its `num_bins` ranges has about as many of the features, by Keras'
/// summary of quantiles. Throws ValueError for data without samples and for a layer without num_bins.
void adapt(Discretization& layer, const Dataset& data, std::size_t column = 0);

/// Sets the layer's vocabulary to the numbers of the features, the most frequent first, and its weights for "tf_idf".
/// Throws ValueError for features that are not whole.
void adapt(IntegerLookup& layer, const Dataset& data, std::size_t column = 0);

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/data/adapt-inl.hpp>
#endif
