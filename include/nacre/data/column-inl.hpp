#pragma once
// The bodies of column.hpp: stored numbers on their way into a batch.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/shape.hpp>
#include <nacre/data/column.hpp>
#include <nacre/kernels/gather.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

template <class Call>
auto Column::with_values(const Call& call) const {
  switch (stored_) {
    case Stored::uint8:
      return call(static_cast<const std::uint8_t*>(values_));
    case Stored::int32:
      return call(static_cast<const std::int32_t*>(values_));
    case Stored::float32:
      return call(static_cast<const float*>(values_));
    case Stored::float64:
      break;
  }
  return call(static_cast<const double*>(values_));
}

NACRE_INLINE double Column::value(std::int64_t sample, std::int64_t element) const {
  return with_values([&](const auto* values) { return scaled(values[sample * stride_ + element]); });
}

template <std::floating_point T>
void Column::gather(std::int64_t sample, T* out) const {
  with_values([&](const auto* values) {
    const auto* source = values + sample * stride_;
    if (classes_ == 0) {
      kernels::gather(source, stored_size_, static_cast<T>(scale_), static_cast<T>(offset_), out);
      return;
    }
    for (std::int64_t element = 0; element < stored_size_; ++element, out += classes_) {
      const double label = scaled(source[element]);
      std::fill_n(out, classes_, T{0});
      if (is_class(label, classes_)) out[static_cast<std::int64_t>(label)] = T{1};
    }
  });
}

NACRE_INLINE void Column::gather_integers(std::int64_t sample, std::int32_t* out) const {
  with_values([&](const auto* values) {
    const auto* source = values + sample * stride_;
    for (std::int64_t i = 0; i < stored_size_; ++i) out[i] = static_cast<std::int32_t>(scaled(source[i]));
  });
}

NACRE_INLINE void Column::prefetch(std::int64_t sample) const {
  constexpr std::int64_t beginning = 1024;
  with_values([&](const auto* values) {
    const std::int64_t bytes = stored_size_ * static_cast<std::int64_t>(sizeof *values);
    kernels::prefetch(values + sample * stride_, std::min(bytes, beginning));
  });
}

NACRE_INLINE bool Column::is_class(double label, std::int64_t classes) {
  return label >= 0 && label < static_cast<double>(classes) && label == std::floor(label);
}

NACRE_SETUP void Column::require_values(std::size_t found, std::int64_t count, const Shape& shape) {
  const Shape all = shape.with_batch(count);
  require<ShapeError>(static_cast<std::int64_t>(found) == all.size(), "Column: expected ", all.size(),
                      " values for shape ", all, ", got ", found);
}

NACRE_SETUP Column Column::with_scale(double scale, double offset) const {
  require<ValueError>(classes_ == 0, "Column: class numbers cannot be scaled");
  Column result = *this;
  result.scale_ = scale_ * scale;
  result.offset_ = offset_ * scale + offset;
  return result;
}

NACRE_SETUP Column Column::reshaped(const Shape& shape) const {
  require<ValueError>(classes_ == 0, "reshaped: one-hot rows have the shape that their classes give them");
  require<ShapeError>(shape.size() == shape_.size(), "reshaped: expected a shape of ", shape_.size(), " elements, as ",
                      shape_, " has, got ", shape);
  Column result = *this;
  result.shape_ = shape;
  return result;
}

NACRE_SETUP Column Column::one_hot(std::int64_t classes) const {
  require<ValueError>(classes >= 1 && classes <= max_classes, "one_hot: expected 1 class or more and at most ",
                      max_classes, ", got ", classes);
  require<ValueError>(classes_ == 0 || classes_ == classes, "one_hot: expected class numbers, got one-hot rows of ",
                      classes_, " classes");
  if (classes_ == classes) return *this;
  require<ShapeError>(shape_.empty() || shape_.back() == 1, "one_hot: expected class numbers of shape () or (1,), got ",
                      shape_, "; are they one-hot already?");
  Column result = *this;
  result.classes_ = classes;
  result.shape_ = Shape(shape_.begin(), shape_.end() - (shape_.empty() ? 0 : 1));
  result.shape_.push_back(classes);
  require_addressable(result.shape_);
  return result;
}

NACRE_SETUP Column Column::class_numbers() const {
  if (classes_ == 0) return *this;
  Column result = *this;
  result.classes_ = 0;
  result.shape_ = Shape(shape_.begin(), shape_.end() - 1);
  if (!result.shape_.empty()) result.shape_.push_back(1);
  return result;
}

NACRE_SETUP Column Column::windows(std::int64_t first, std::int64_t length, std::int64_t stride,
                                   std::int64_t count) const {
  require<ValueError>(classes_ == 0, "windows: one-hot rows are no sequence; cut class numbers, then one_hot");
  require<ValueError>(stride_ == stored_size_, "windows: expected samples that do not overlap, got windows");
  require<ValueError>(first >= 0 && length >= 1 && stride >= 1 && count >= 0,
                      "windows: expected a first of 0 or more, a length and a stride of 1 or more, got ", first, ", ",
                      length, " and ", stride);
  require<ValueError>(
      count == 0 || (length <= count_ && first <= count_ - length && count - 1 <= (count_ - length - first) / stride),
      "windows: expected windows within ", count_, " samples, got ", count, " of ", length, " from number ", first,
      " on");
  Column result = *this;
  result.shape_ = shape_.with_batch(length);
  result.stored_size_ = result.shape_.size();
  result.stride_ = stride * stored_size_;
  result.count_ = count;
  result.values_ = with_values([&](const auto* values) -> const void* { return values + first * stored_size_; });
  return result;
}

NACRE_SETUP bool Column::stores_as(const Column& other) const {
  return stored_ == other.stored_ && stored_size_ == other.stored_size_ && classes_ == other.classes_ &&
         scale_ == other.scale_ && offset_ == other.offset_;
}

template <class S>
Column Column::copied(const List<const Column*>& columns, const List<std::int64_t>& rows) const {
  std::vector<S> values(rows.size() * static_cast<std::size_t>(stored_size_));
  S* out = values.data();
  for (std::size_t i = 0; i < rows.size(); ++i, out += stored_size_) {
    std::copy_n(static_cast<const S*>(columns[i]->values_) + rows[i] * columns[i]->stride_, stored_size_, out);
  }
  Column result = *this;
  auto owner = std::make_shared<const std::vector<S>>(std::move(values));
  result.values_ = owner->data();
  result.owner_ = std::move(owner);
  result.stride_ = stored_size_;
  result.count_ = static_cast<std::int64_t>(rows.size());
  return result;
}

NACRE_SETUP Column Column::gathered(const List<const Column*>& columns, const List<std::int64_t>& rows) {
  if (columns.empty()) return Column();
  const Column& first = *columns.front();
  if (std::all_of(columns.begin(), columns.end(), [&](const Column* column) { return first.stores_as(*column); })) {
    return first.with_values([&]<class S>(const S*) { return first.copied<S>(columns, rows); });
  }
  const std::int64_t size = first.sample_size();
  std::vector<double> values(rows.size() * static_cast<std::size_t>(size));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    columns[i]->gather(rows[i], values.data() + static_cast<std::int64_t>(i) * size);
  }
  return Column(std::move(values), static_cast<std::int64_t>(rows.size()), first.shape());
}

}  // namespace nacre
