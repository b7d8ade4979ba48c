#pragma once
// Column: the features, or the targets, of all samples of a data set, as they lie in memory.

#include <concepts>
#include <cstdint>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/shape.hpp>
#include <nacre/kernels/gather.hpp>

namespace nacre {

/// The number types that a Column keeps in memory. Others are converted when they come in.
template <class S>
concept StoredNumber =
    std::same_as<S, std::uint8_t> || std::same_as<S, std::int32_t> || std::same_as<S, float> || std::same_as<S, double>;

/// `count()` samples of one shape in row-major memory, owned together with its copies or borrowed from the caller. What
/// is stored stays as small as it is (pixels stay bytes): it is scaled, and class numbers become one-hot rows, while a
/// sample is gathered into a batch. Copying a column copies no samples.
class Column {
 public:
  /// A column of no samples.
  Column() = default;

  /// Owns `values`: `count` samples of `shape`, one after the other. Throws ShapeError unless there are
  /// `count * shape.size()` values.
  template <StoredNumber S>
  Column(std::vector<S> values, std::int64_t count, const Shape& shape) {
    const Shape all = shape.with_batch(count);
    require<ShapeError>(static_cast<std::int64_t>(values.size()) == all.size(), "Column: expected ", all.size(),
                        " values for shape ", all, ", got ", values.size());
    auto owner = std::make_shared<const std::vector<S>>(std::move(values));
    const S* first = owner->data();
    *this = Column(std::move(owner), first, count, shape);
  }

  /// `count` samples of `shape` from `values` on, which live as long as `owner` does. Without an owner they are
  /// borrowed: the caller keeps them alive, and unchanged, as long as this column or a copy of it is in use.
  template <StoredNumber S>
  Column(std::shared_ptr<const void> owner, const S* values, std::int64_t count, const Shape& shape)
      : owner_(std::move(owner)), values_(values), count_(count), stored_size_(shape.size()), shape_(shape) {}

  /// Number of samples.
  std::int64_t count() const { return count_; }

  /// The shape of a gathered sample: (28, 28, 1), () for a class number, (10,) for its one-hot row.
  const Shape& shape() const { return shape_; }

  /// Numbers in a gathered sample.
  std::int64_t sample_size() const { return stored_size_ * (classes_ > 0 ? classes_ : 1); }

  /// Length of the one-hot rows that class numbers become as they are gathered; 0 if samples are gathered as they are.
  std::int64_t classes() const { return classes_; }

  /// "uint8", "int32", "float32" or "float64": what is kept in memory.
  std::string_view stored_type() const {
    constexpr std::string_view names[] = {"uint8", "int32", "float32", "float64"};
    return names[values_.index()];
  }

  /// The first stored number, or nullptr if they are not of type `S`.
  template <StoredNumber S>
  const S* stored() const {
    const S* const* values = std::get_if<const S*>(&values_);
    return values ? *values : nullptr;
  }

  /// Stored numbers in a sample; for one-hot rows, how many class numbers.
  std::int64_t stored_size() const { return stored_size_; }

  /// Number `element` of stored sample `sample`, scaled. For one-hot rows it is the class number.
  double value(std::int64_t sample, std::int64_t element = 0) const {
    return std::visit([&](const auto* values) { return scaled(values[sample * stored_size_ + element]); }, values_);
  }

  /// Writes the `sample_size()` numbers of a sample to `out`. Allocates nothing. A class number that is not below
  /// `classes()` becomes a row of zeros.
  template <std::floating_point T>
  void gather(std::int64_t sample, T* out) const {
    std::visit(
        [&](const auto* values) {
          const auto* source = values + sample * stored_size_;
          if (classes_ == 0) {
            kernels::gather(source, stored_size_, static_cast<T>(scale_), static_cast<T>(offset_), out);
            return;
          }
          for (std::int64_t element = 0; element < stored_size_; ++element, out += classes_) {
            const double label = scaled(source[element]);
            for (std::int64_t c = 0; c < classes_; ++c) out[c] = label == static_cast<double>(c) ? T{1} : T{0};
          }
        },
        values_);
  }

  /// Asks for a sample that will be gathered soon. Only its beginning: the processor sees by itself how a long sample
  /// goes on.
  void prefetch(std::int64_t sample) const {
    constexpr std::int64_t beginning = 1024;
    std::visit(
        [&](const auto* values) {
          const std::int64_t bytes = stored_size_ * static_cast<std::int64_t>(sizeof *values);
          kernels::prefetch(values + sample * stored_size_, bytes < beginning ? bytes : beginning);
        },
        values_);
  }

  /// The same column with every number x gathered as x * `scale` + `offset`, on top of a scaling it already has. Throws
  /// ValueError for one-hot rows.
  Column with_scale(double scale, double offset = 0) const {
    require<ValueError>(classes_ == 0, "Column: class numbers cannot be scaled");
    Column result = *this;
    result.scale_ = scale_ * scale;
    result.offset_ = offset_ * scale + offset;
    return result;
  }

  /// The same column with samples of another shape. Throws ShapeError unless it has as many elements, ValueError for
  /// one-hot rows.
  Column reshaped(const Shape& shape) const {
    require<ValueError>(classes_ == 0, "reshaped: one-hot rows have the shape that their classes give them");
    require<ShapeError>(shape.size() == shape_.size(), "reshaped: expected a shape of ", shape_.size(),
                        " elements, as ", shape_, " has, got ", shape);
    Column result = *this;
    result.shape_ = shape;
    return result;
  }

  /// The same column with class numbers 0 to `classes` - 1 gathered as rows of `classes` numbers, a one among zeros.
  /// Samples of shape () and (1,) become (classes,), and (height, width, 1) becomes (height, width, classes). Throws
  /// ValueError below 1 class, ShapeError for any other shape.
  Column one_hot(std::int64_t classes) const {
    require<ValueError>(classes >= 1, "one_hot: expected 1 class or more, got ", classes);
    require<ValueError>(classes_ == 0 || classes_ == classes, "one_hot: expected class numbers, got one-hot rows of ",
                        classes_, " classes");
    if (classes_ == classes) return *this;
    require<ShapeError>(shape_.empty() || shape_.back() == 1,
                        "one_hot: expected class numbers of shape () or (1,), got ", shape_,
                        "; are they one-hot already?");
    Column result = *this;
    result.classes_ = classes;
    result.shape_ = Shape(shape_.begin(), shape_.end() - (shape_.empty() ? 0 : 1));
    result.shape_.push_back(classes);
    return result;
  }

  /// The same column without the expansion of `one_hot`: class numbers of shape (), or (height, width, 1).
  Column class_numbers() const {
    if (classes_ == 0) return *this;
    Column result = *this;
    result.classes_ = 0;
    result.shape_ = Shape(shape_.begin(), shape_.end() - 1);
    if (!result.shape_.empty()) result.shape_.push_back(1);
    return result;
  }

 private:
  template <class S>
  double scaled(S stored) const {
    return static_cast<double>(stored) * scale_ + offset_;
  }

  std::shared_ptr<const void> owner_;
  std::variant<const std::uint8_t*, const std::int32_t*, const float*, const double*> values_;
  std::int64_t count_ = 0;
  std::int64_t stored_size_ = 1;
  std::int64_t classes_ = 0;
  double scale_ = 1;
  double offset_ = 0;
  Shape shape_;
};

}  // namespace nacre
