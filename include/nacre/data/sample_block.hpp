#pragma once
// SampleBlock: memory for some samples of a source, between it and where they go.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <nacre/core/buffer.hpp>
#include <nacre/core/list.hpp>
#include <nacre/data/augmentation.hpp>
#include <nacre/data/batch_source.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// Room for `rows` samples of a spec, with their numbers in the epoch. Nothing is allocated after its construction.
template <class T>
class SampleBlock {
 public:
  [[gnu::cold]] SampleBlock(const BatchSpec& spec, std::int64_t rows) : indices_(static_cast<std::size_t>(rows)) {
    for (const ColumnSpec& column : spec.features) add(memory_.features, column.shape.size(), rows);
    for (const ColumnSpec& column : spec.targets) {
      add(memory_.targets, column.shape.size(), rows);
      add(memory_.sample_weights, column.weighted ? 1 : 0, rows);
    }
  }

  /// Where a source writes a batch: to the first rows.
  const BatchMemory<T>& memory() const { return memory_; }

  std::int64_t& index(std::int64_t row) { return indices_[static_cast<std::size_t>(row)]; }

  /// Lets the views of `sample` look at a row.
  void bind(Sample<T>& sample, std::int64_t row) const {
    bind(sample.features, memory_.features, row);
    bind(sample.targets, memory_.targets, row);
  }

 private:
  [[gnu::cold]] void add(List<T*>& places, std::int64_t numbers, std::int64_t rows) {
    if (numbers == 0) return places.push_back(nullptr);
    blocks_.emplace_back(static_cast<std::size_t>(rows * numbers));
    places.push_back(blocks_.back().data());
  }
  static void bind(ColumnViews<T>& views, const List<T*>& memory, std::int64_t row) {
    for (std::size_t k = 0; k < memory.size(); ++k) {
      const Shape& shape = views.spec(k).shape;
      views[k].bind(memory[k] + row * shape.size(), shape);
    }
  }

  List<Buffer<T>> blocks_;
  BatchMemory<T> memory_;
  std::vector<std::int64_t> indices_;
};

/// Copies a column's `count` samples of `size` numbers, where both have it.
template <class T>
void copy_rows(const List<T*>& from, std::int64_t from_row, const List<T*>& to, std::int64_t to_row, std::size_t column,
               std::int64_t size, std::int64_t count) {
  if (column >= to.size() || to[column] == nullptr || from[column] == nullptr) return;
  std::copy_n(from[column] + from_row * size, count * size, to[column] + to_row * size);
}

/// Copies `count` samples from one batch's memory to another's.
template <class T>
void copy_samples(const BatchSpec& spec, const BatchMemory<T>& from, std::int64_t from_row, const BatchMemory<T>& to,
                  std::int64_t to_row, std::int64_t count) {
  for (std::size_t k = 0; k < spec.features.size(); ++k) {
    copy_rows(from.features, from_row, to.features, to_row, k, spec.features[k].shape.size(), count);
  }
  for (std::size_t k = 0; k < spec.targets.size(); ++k) {
    copy_rows(from.targets, from_row, to.targets, to_row, k, spec.targets[k].shape.size(), count);
    copy_rows(from.sample_weights, from_row, to.sample_weights, to_row, k, 1, count);
  }
}

/// Whole numbers in place of those of a batch's features that are to be integers. Throws ValueError for one that is
/// none.
template <class T>
void finish_integers(const BatchSpec& spec, const BatchMemory<T>& memory, std::int64_t count, std::int64_t step) {
  for (std::size_t k = 0; k < memory.features.size(); ++k) {
    const ColumnSpec& column = spec.features[k];
    if (memory.takes_integers(k)) make_integers(memory.features[k], count * column.shape.size(), column, step);
  }
}

}  // namespace nacre::detail
