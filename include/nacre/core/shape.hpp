#pragma once
// The extents of a tensor, without the batch: (28, 28, 1) for a grey image.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include <nacre/core/compiled.hpp>
#include <nacre/core/error.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Extents of a tensor, at most eight of them, held without allocating. Layers speak of shapes without the
/// batch dimension; `with_batch` puts it in front.
class Shape {
 public:
  static constexpr std::size_t max_rank = 8;

  Shape() = default;

  /// `Shape{28, 28, 1}`. Throws ShapeError for a negative extent or more than eight of them.
  Shape(std::initializer_list<std::int64_t> extents) : Shape(extents.begin(), extents.end()) {}

  template <class Iterator>
  Shape(Iterator first, Iterator last) {
    for (; first != last; ++first) push_back(static_cast<std::int64_t>(*first));
  }

  std::size_t rank() const { return rank_; }
  bool empty() const { return rank_ == 0; }
  std::int64_t operator[](std::size_t axis) const { return extents_[axis]; }
  std::int64_t front() const { return extents_[0]; }
  std::int64_t back() const { return extents_[rank_ - 1]; }
  const std::int64_t* begin() const { return extents_.data(); }
  const std::int64_t* end() const { return extents_.data() + rank_; }

  /// Number of elements: the product of the extents, 1 for rank 0. Throws ShapeError past 2^62.
  std::int64_t size() const {
    std::int64_t product = 1;
    for (std::int64_t extent : *this) {
      require<ShapeError>(extent == 0 || product <= (std::int64_t{1} << 62) / extent, "Shape ", *this,
                          " has too many elements to address");
      product *= extent;
    }
    return product;
  }

  void push_back(std::int64_t extent) {
    require<ShapeError>(rank_ < max_rank, "Shape: expected at most ", max_rank, " dimensions");
    require<ShapeError>(extent >= 0, "Shape: expected extents of 0 or more, got ", extent);
    extents_[rank_++] = extent;
  }

  /// (batch, extents...).
  Shape with_batch(std::int64_t batch) const {
    Shape result{batch};
    for (std::int64_t extent : *this) result.push_back(extent);
    return result;
  }

  /// The extents from `axis` on.
  Shape from(std::size_t axis) const { return Shape(begin() + std::min(axis, rank_), end()); }

  friend bool operator==(const Shape& a, const Shape& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

  /// "(28, 28, 1)"; "(10,)" for rank 1, as Python writes it.
  std::string to_string() const;

  /// "(None, 28, 28, 1)": with Keras' name for the batch dimension.
  std::string to_string_with_batch() const;

 private:
  std::array<std::int64_t, max_rank> extents_{};
  std::size_t rank_ = 0;
};

/// Throws ShapeError for a tensor of more than 2^40 elements, which no machine has room for: below that, what layers
/// compute from its extents fits 64 bits. Extents of 0 count as 1.
void require_addressable(const Shape& shape);

/// Throws ShapeError, in the name of `place` ("Dense: input"), for the shape of a sample or a weight with an extent of
/// 0, of which nothing can be computed. Only batches may be empty.
void require_positive_extents(const Shape& shape, std::string_view place);

/// What may have gone wrong where samples of shape `expected` were asked for and others came, with the fix, to be put
/// behind "expected samples of shape ..., got ...": "; the channels come first, and ...". Knows channels that come
/// first, a missing channel axis, samples that are flattened or not, and a batch that was counted or forgotten. Empty
/// where none of them is the case.
/// @param samples how many samples came; 0 if that is not known.
std::string shape_hint(const Shape& expected, const Shape& found, std::int64_t samples = 0);

/// The same for targets: knows a Flatten (or global pooling) that was forgotten, class numbers where rows are asked for
/// and the other way round.
std::string target_shape_hint(const Shape& expected, const Shape& found);

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/core/shape-inl.hpp>
#endif
