#pragma once
// What the tests of models share: small data and small models.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <nacre/core/random.hpp>
#include <nacre/core/xtensor.hpp>
#include <nacre/layers/dense.hpp>
#include <nacre/losses/categorical_crossentropy.hpp>
#include <nacre/losses/mean_squared_error.hpp>
#include <nacre/losses/sparse_categorical_crossentropy.hpp>
#include <nacre/metrics/accuracy.hpp>
#include <nacre/models/sequential.hpp>
#include <nacre/optimizers/sgd.hpp>

#include "catch.hpp"

namespace nacre::testing {

/// An array of that shape with normal random numbers, always the same for a seed.
template <class T = float>
xt::xarray<T> normal_array(std::vector<std::size_t> shape, std::uint64_t seed = 1) {
  auto values = xt::xarray<T>::from_shape(shape);
  const RandomStream random(seed);
  for (std::size_t i = 0; i < values.size(); ++i) values.data()[i] = static_cast<T>(random.normal(i));
  return values;
}

/// Samples of one number each. (A list of lists of one number means other things to xtensor, too.)
inline xt::xarray<double> column(const std::vector<double>& numbers) {
  auto values = xt::xarray<double>::from_shape({numbers.size(), 1});
  std::copy(numbers.begin(), numbers.end(), values.begin());
  return values;
}

/// The rows of an array from `first` up to, not including, `last`.
inline xt::xarray<float> rows_of(const xt::xarray<float>& values, std::size_t first, std::size_t last) {
  auto rows = xt::xarray<float>::from_shape({last - first, values.size() / values.shape()[0]});
  const std::size_t size = rows.shape()[1];
  std::copy(values.begin() + static_cast<std::ptrdiff_t>(first * size),
            values.begin() + static_cast<std::ptrdiff_t>(last * size), rows.begin());
  return rows;
}

/// Class numbers 0, 1, 2, 0, 1, ...
inline xt::xarray<std::int32_t> class_numbers(std::size_t count, std::int32_t classes) {
  auto labels = xt::xarray<std::int32_t>::from_shape({count});
  for (std::size_t i = 0; i < count; ++i) labels(i) = static_cast<std::int32_t>(i) % classes;
  return labels;
}

/// The same as one-hot rows.
template <class T = float>
xt::xarray<T> one_hot_rows(std::size_t count, std::size_t classes) {
  auto rows = xt::xarray<T>::from_shape({count, classes});
  rows.fill(T(0));
  for (std::size_t i = 0; i < count; ++i) rows(i, i % classes) = T(1);
  return rows;
}

/// Whether two arrays have the same shape and equal numbers. (CHECK cannot take xtensor's own comparison apart.)
template <class T>
bool same_values(const xt::xarray<T>& a, const xt::xarray<T>& b) {
  return a.shape() == b.shape() && std::equal(a.begin(), a.end(), b.begin());
}

/// All trainable numbers of a model, padding between weights included.
template <class T>
std::vector<T> weights_of(const BasicSequential<T>& model) {
  const Buffer<T>& block = model.state().parameters.trainable();
  return std::vector<T>(block.begin(), block.end());
}

}  // namespace nacre::testing
