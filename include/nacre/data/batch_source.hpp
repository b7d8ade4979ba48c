#pragma once
// BatchSource: where training, evaluation and predictions get their batches from.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/shape.hpp>
#include <nacre/core/thread_pool.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A column of features or of targets in the batches of a source.
struct ColumnSpec {
  std::string name{};     ///< of the model's input or output that it is for; empty: its position counts
  Shape shape{};          ///< of a sample, as (28, 28, 1); () for a class number or a single value
  bool weighted = false;  ///< for targets: whether samples have weights in the loss

  friend bool operator==(const ColumnSpec&, const ColumnSpec&) = default;
};

/// What the batches of a source are like.
struct BatchSpec {
  List<ColumnSpec> features{};          ///< one for each of the model's inputs
  List<ColumnSpec> targets{};           ///< one for each of its outputs; none to predict from
  std::int64_t batch_size = 32;         ///< samples in a batch; a source may give fewer
  std::optional<std::int64_t> steps{};  ///< batches an epoch; none: an epoch ends where a batch is empty
};

namespace detail {

/// For each of these names of inputs or outputs, which of the columns is for it: by name where columns have one,
/// otherwise by position. Throws ValueError, in the name of `place`, for another number of columns and for names that
/// are not among these. It is data/dataset-inl.hpp that has its body.
List<std::size_t> order_columns(const List<ColumnSpec>& columns, const std::vector<std::string>& names,
                                std::string_view place, std::string_view what);

}  // namespace detail

/// Where a batch goes, column by column; nullptr leaves a column out.
template <class T>
struct BatchMemory {
  List<T*> features{};        ///< (samples, feature shape...)
  List<T*> targets{};         ///< (samples, target shape...)
  List<T*> sample_weights{};  ///< (samples), ones where the data set has none
  List<char> integers{};      ///< in which features int32 numbers go in place of `T`; empty: in none

  bool takes_integers(std::size_t column) const { return column < integers.size() && integers[column] != 0; }
};

namespace detail {

/// Whole numbers in place of `count` numbers. Throws ValueError, naming the column and the step, for one that is none.
template <class T>
void make_integers(T* numbers, std::int64_t count, const ColumnSpec& column, std::int64_t step) {
  for (std::int64_t i = 0; i < count; ++i) {
    const double number = static_cast<double>(numbers[i]);
    require<ValueError>(number >= -2147483648.0 && number <= 2147483647.0 && number == std::floor(number),
                        "batch: step ", step, ", features \"", column.name, "\": expected int32 numbers, got ", number);
    const auto integer = static_cast<std::int32_t>(number);
    std::memcpy(reinterpret_cast<char*>(numbers) + static_cast<std::size_t>(i) * sizeof integer, &integer,
                sizeof integer);
  }
}

}  // namespace detail

/// Batches, epoch after epoch. What a batch holds is a function of the seed, the epoch and the step, so that a resumed
/// run goes on as if it had never stopped. One thread at a time uses it.
template <class T>
class BatchSource {
 public:
  explicit BatchSource(BatchSpec spec) : spec_(std::move(spec)) {}
  virtual ~BatchSource() = default;

  const BatchSpec& spec() const { return spec_; }

  /// Begins epoch `epoch` (from 0, below 2^24).
  virtual void begin_epoch(std::uint64_t seed, std::int64_t epoch) = 0;

  /// Writes batch `step` (from 0) of the epoch, and returns how many samples it has: 0 where the epoch is over.
  virtual std::int64_t load(std::int64_t step, const BatchMemory<T>& memory, ThreadPool& pool) = 0;

  /// The number, among all samples of the epoch, of the one in row `row` of batch `step`: by which random numbers are
  /// drawn for it.
  virtual std::int64_t sample_index(std::int64_t step, std::int64_t row) const { return step * spec_.batch_size + row; }

 protected:
  BatchSource(const BatchSource&) = default;
  BatchSource& operator=(const BatchSource&) = default;

 private:
  BatchSpec spec_;
};

/// Some of a source's batches: each `stride`-th from `first` on, and no more than `limit` of them.
struct BatchRange {
  std::int64_t first = 0;
  std::int64_t stride = 1;
  std::int64_t limit = std::numeric_limits<std::int64_t>::max();

  /// How many of `steps` batches these are.
  std::int64_t count(std::int64_t steps) const {
    return std::min(limit, std::max<std::int64_t>(0, (steps - first + stride - 1) / stride));
  }

  friend bool operator==(const BatchRange&, const BatchRange&) = default;
};

/// A source with some of another's batches.
template <class T>
class PartOfSource final : public BatchSource<T> {
 public:
  PartOfSource(std::unique_ptr<BatchSource<T>> whole, BatchRange part)
      : BatchSource<T>(spec_of(whole->spec(), part)), whole_(std::move(whole)), part_(part) {}

  void begin_epoch(std::uint64_t seed, std::int64_t epoch) override { whole_->begin_epoch(seed, epoch); }
  std::int64_t load(std::int64_t step, const BatchMemory<T>& memory, ThreadPool& pool) override {
    return step < part_.limit ? whole_->load(in_whole(step), memory, pool) : 0;
  }
  std::int64_t sample_index(std::int64_t step, std::int64_t row) const override {
    return whole_->sample_index(in_whole(step), row);
  }

 private:
  [[gnu::cold]] static BatchSpec spec_of(BatchSpec spec, const BatchRange& part) {
    if (spec.steps) spec.steps = part.count(*spec.steps);
    return spec;
  }

  std::int64_t in_whole(std::int64_t step) const { return part_.first + step * part_.stride; }

  std::unique_ptr<BatchSource<T>> whole_;
  BatchRange part_;
};

}  // namespace nacre
