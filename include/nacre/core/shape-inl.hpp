#pragma once
// The bodies of shape.hpp: shapes in words, and what is wrong with them.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <nacre/core/shape.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

/// The extents behind `begin`, with commas between them.
NACRE_SETUP std::string joined_extents(const Shape& shape, std::string begin, std::string_view end) {
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    if (axis > 0) begin += ", ";
    begin += std::to_string(shape[axis]);
  }
  return begin.append(end);
}

/// As it is written in C++: "{28, 28, 1}".
NACRE_SETUP std::string braced(const Shape& shape) { return joined_extents(shape, "{", "}"); }

}  // namespace detail

NACRE_SETUP std::string Shape::to_string() const {
  return detail::joined_extents(*this, "(", rank() == 1 ? ",)" : ")");
}

NACRE_SETUP std::string Shape::to_string_with_batch() const {
  return empty() ? "(None,)" : detail::joined_extents(*this, "(None, ", ")");
}

NACRE_SETUP void require_addressable(const Shape& shape) {
  std::int64_t product = 1;
  for (std::int64_t extent : shape) {
    require<ShapeError>(extent <= (std::int64_t{1} << 40) / product, "expected at most 2^40 elements, got ", shape);
    product *= std::max<std::int64_t>(extent, 1);
  }
}

NACRE_SETUP void require_positive_extents(const Shape& shape, std::string_view place) {
  for (std::int64_t extent : shape) {
    require<ShapeError>(extent > 0, place, ": expected extents of 1 or more, got shape ", shape);
  }
}

NACRE_SETUP std::string shape_hint(const Shape& expected, const Shape& found, std::int64_t samples) {
  const std::size_t rank = expected.rank();
  if (found == expected) return "";
  if (rank > 0 && found.rank() == rank + 1 && found.from(1) == expected) {
    return "; the batch is counted twice: data are (samples, extents of a sample...), one axis more than a sample has";
  }
  if (rank > 1 && found == expected.from(1) && expected.front() == samples) {
    return text("; the first axis counts the samples: a single one has the shape ", expected.with_batch(1));
  }
  if (rank == found.rank() + 1 && expected.back() == 1 && std::equal(found.begin(), found.end(), expected.begin())) {
    return text("; the axis of the channels is missing: give the data the shape ",
                Shape(expected).to_string_with_batch(), ", as Dataset::reshaped(", detail::braced(expected), ") does");
  }
  if (rank > 1 && found.rank() == rank - 1 && found == expected.from(1)) {
    return text("; if the first extent of ", expected,
                " is that of a batch, leave it out: shapes are those of one sample");
  }
  if (rank == 3 && found.rank() == 3 && found.front() == expected.back() && found.back() != expected.back()) {
    return "; the channels come first, and are expected last: transpose the data from (samples, channels, height, "
           "width) to "
           "(samples, height, width, channels), as xt::transpose(x, {0, 2, 3, 1}) does";
  }
  const bool as_many = found.size() == expected.size();
  if (as_many && found.rank() == 1) {
    return text("; the samples are flattened: give them their shape by Dataset::reshaped(", detail::braced(expected),
                "), or begin the model with Reshape(", detail::braced(expected), ")");
  }
  if (as_many && rank == 1) {
    return text(
        "; the samples are not flattened: put a Flatten layer in front, or give them one axis by Dataset::reshaped(",
        detail::braced(expected), ")");
  }
  if (as_many) return "; there are as many numbers in a sample, but along other axes: transpose or reshape the data";
  if (rank == 1 && found.rank() > 1) return "; is a Flatten layer missing in front?";
  return samples > 0 && found.size() * samples == expected.size()
             ? text("; the first axis counts the samples: a single one has the shape ", expected.with_batch(1))
             : "";
}

NACRE_SETUP std::string target_shape_hint(const Shape& expected, const Shape& found) {
  if (expected == found) return "";
  if (expected.rank() == 1 && found.size() == 1) {
    return "; for class numbers take SparseCategoricalCrossentropy, or make rows of them by Dataset::one_hot";
  }
  const bool has_classes = found.rank() == 1 && found.size() > 1;
  if (expected.size() == 1 && has_classes) {
    return "; for one-hot rows take CategoricalCrossentropy, or make class numbers of them by Dataset::class_numbers";
  }
  if (expected.rank() > 1 && found.rank() <= 1) {
    return "; the model's output still has several positions a sample: is a Flatten layer, or global pooling, missing "
           "in "
           "front of its last Dense?";
  }
  return shape_hint(expected, found);
}

}  // namespace nacre
