#pragma once
// Column: the features, or the targets, of all samples of a data set, as they lie in memory.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/shape.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

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
    require_values(values.size(), count, shape);
    auto owner = std::make_shared<const std::vector<S>>(std::move(values));
    const S* first = owner->data();
    *this = Column(std::move(owner), first, count, shape);
  }

  /// `count` samples of `shape` from `values` on, which live as long as `owner` does. Without an owner they are
  /// borrowed: the caller keeps them alive, and unchanged, as long as this column or a copy of it is in use.
  template <StoredNumber S>
  Column(std::shared_ptr<const void> owner, const S* values, std::int64_t count, const Shape& shape)
      : owner_(std::move(owner)),
        values_(values),
        stored_(type_of<S>()),
        count_(count),
        stored_size_(shape.size()),
        stride_(stored_size_),
        shape_(shape) {}

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
    return names[static_cast<std::size_t>(stored_)];
  }

  /// The first stored number, or nullptr if they are not of type `S`, and where samples do not lie one after another.
  template <StoredNumber S>
  const S* stored() const {
    return stored_ == type_of<S>() && stride_ == stored_size_ ? static_cast<const S*>(values_) : nullptr;
  }

  /// Stored numbers in a sample; for one-hot rows, how many class numbers.
  std::int64_t stored_size() const { return stored_size_; }

  /// Number `element` of stored sample `sample`, scaled. For one-hot rows it is the class number.
  double value(std::int64_t sample, std::int64_t element = 0) const;

  /// Writes the `sample_size()` numbers of a sample to `out`. Allocates nothing. A class number that is not below
  /// `classes()` becomes a row of zeros. `T` is float or double.
  template <std::floating_point T>
  void gather(std::int64_t sample, T* out) const;

  /// The same as int32 numbers. Those that are not whole, or too large, are undefined.
  void gather_integers(std::int64_t sample, std::int32_t* out) const;

  /// Sample `sample` as number `place` of a batch at `batch`, which holds int32 numbers where `integers`.
  template <std::floating_point T>
  void gather_to(std::int64_t sample, std::int64_t place, bool integers, T* batch) const {
    if (!integers) return gather(sample, batch + place * sample_size());
    gather_integers(sample, reinterpret_cast<std::int32_t*>(batch) + place * sample_size());
  }

  /// Whether all numbers are int32 ones by the way they are stored and gathered.
  bool has_integers() const {
    const bool whole = stored_ == Stored::uint8 || stored_ == Stored::int32;
    return whole && classes_ == 0 && scale_ == 1 && offset_ == 0;
  }

  /// Asks for a sample that will be gathered soon. Only its beginning: the processor sees by itself how a long sample
  /// goes on.
  void prefetch(std::int64_t sample) const;

  /// Whether class number `label` (which need not be whole) is one of `classes`.
  static bool is_class(double label, std::int64_t classes);

  /// The same column with every number x gathered as x * `scale` + `offset`, on top of a scaling it already has. Throws
  /// ValueError for one-hot rows.
  Column with_scale(double scale, double offset = 0) const;

  /// The same column with samples of another shape. Throws ShapeError unless it has as many elements, ValueError for
  /// one-hot rows.
  Column reshaped(const Shape& shape) const;

  /// The same column with class numbers 0 to `classes` - 1 gathered as rows of `classes` numbers, a one among zeros.
  /// Samples of shape () and (1,) become (classes,), and (height, width, 1) becomes (height, width, classes). Throws
  /// ValueError below 1 class and above `max_classes`, ShapeError for any other shape.
  Column one_hot(std::int64_t classes) const;

  /// The most classes that one-hot rows may have: more than any network tells apart, and few enough for their rows to
  /// be addressed.
  static constexpr std::int64_t max_classes = std::int64_t{1} << 31;

  /// The same column without the expansion of `one_hot`: class numbers of shape (), or (height, width, 1).
  Column class_numbers() const;

  /// Several samples in a row as one, without a copy: sample i of the result is `length` of these from number `first` +
  /// i * `stride` on, (length, shape...), and there are `count` of them. Throws ValueError for one-hot rows and for
  /// windows that reach beyond the last sample.
  Column windows(std::int64_t first, std::int64_t length, std::int64_t stride, std::int64_t count) const;

  /// Samples of several columns in a column of their own: sample i is sample `rows[i]` of `*columns[i]`. They stay
  /// stored as they are where all columns store and gather alike, otherwise they become double. All columns have the
  /// same shape.
  static Column gathered(const List<const Column*>& columns, const List<std::int64_t>& rows);

 private:
  enum class Stored : unsigned char { uint8, int32, float32, float64 };

  template <StoredNumber S>
  static constexpr Stored type_of() {
    if constexpr (std::same_as<S, std::uint8_t>) return Stored::uint8;
    if constexpr (std::same_as<S, std::int32_t>) return Stored::int32;
    if constexpr (std::same_as<S, float>) return Stored::float32;
    if constexpr (std::same_as<S, double>) return Stored::float64;
  }

  static void require_values(std::size_t found, std::int64_t count, const Shape& shape);

  bool stores_as(const Column& other) const;

  template <class S>
  Column copied(const List<const Column*>& columns, const List<std::int64_t>& rows) const;

  /// What `call` returns for the pointer to the stored numbers.
  template <class Call>
  auto with_values(const Call& call) const;

  template <class S>
  double scaled(S stored) const {
    return static_cast<double>(stored) * scale_ + offset_;
  }

  std::shared_ptr<const void> owner_;
  const void* values_ = nullptr;
  Stored stored_ = Stored::uint8;
  std::int64_t count_ = 0;
  std::int64_t stored_size_ = 1;
  std::int64_t stride_ = 1;  // stored numbers from one sample to the next
  std::int64_t classes_ = 0;
  double scale_ = 1;
  double offset_ = 0;
  Shape shape_;
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/data/column-inl.hpp>
#endif
