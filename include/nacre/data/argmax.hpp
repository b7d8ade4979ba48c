#pragma once
// Which class a prediction names.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/xtensor.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Where each row of predictions is largest: from (samples, classes) the class of each sample, from (..., classes) one
/// class a position, all of them one after the other in row-major order.
///
///     std::vector<std::int64_t> classes = argmax(model.predict(x));
///
/// Of equal numbers the first counts, and NaN counts as larger than any number, as in numpy. Throws ShapeError for a
/// single number and for rows without elements.
template <class T>
std::vector<std::int64_t> argmax(const xt::xarray<T>& predictions) {
  require<ShapeError>(predictions.dimension() >= 1 && predictions.shape().back() > 0,
                      "argmax: expected predictions with one class or more along the last axis");
  const std::size_t classes = predictions.shape().back();
  std::vector<std::int64_t> result(predictions.size() / classes);
  const T* row = predictions.data();
  for (std::int64_t& largest : result) {
    std::size_t found = 0;
    for (std::size_t c = 1; c < classes; ++c) {
      if (row[c] > row[found] || (row[c] != row[c] && row[found] == row[found])) found = c;
    }
    largest = static_cast<std::int64_t>(found);
    row += classes;
  }
  return result;
}

}  // namespace nacre
