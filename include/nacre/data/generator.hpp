#pragma once
// Generators: batches that a class or function of your own makes.

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <nacre/core/compiled.hpp>
#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/random.hpp>
#include <nacre/core/scalars.hpp>
#include <nacre/core/tensor.hpp>
#include <nacre/data/batch_source.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

/// Which of the columns has that name. Throws ValueError, with the names there are, where none has.
std::size_t find_column(const List<ColumnSpec>& columns, std::string_view name, const char* what);

/// Throws ValueError for a column that is not there.
void require_column(std::size_t column, std::size_t columns, const char* what);

/// Throws ShapeError unless so many numbers are a sample of that column.
void require_sample_of(const ColumnSpec& column, const char* what, std::size_t index, std::int64_t step,
                       std::int64_t row, std::int64_t numbers);

}  // namespace detail

/// The columns of one or more samples, by position or by name: views on the memory that they are to be written to.
template <class T>
class ColumnViews {
 public:
  ColumnViews(const List<ColumnSpec>& columns, const char* what)
      : columns_(columns), what_(what), views_(columns.size()) {}

  std::size_t size() const { return views_.size(); }
  TensorView<T>& operator[](std::size_t column) {
    detail::require_column(column, views_.size(), what_);
    return views_[column];
  }
  TensorView<T>& operator[](std::string_view name) { return views_[detail::find_column(columns_, name, what_)]; }
  const ColumnSpec& spec(std::size_t column) const { return columns_[column]; }
  const char* what() const { return what_; }

 private:
  List<ColumnSpec> columns_;
  const char* what_;
  List<TensorView<T>> views_;
};

/// A batch that a generator is to write.
template <class T>
class Batch {
 public:
  /// @param spec what the generator says that its batches are like.
  explicit Batch(const BatchSpec& spec)
      : features(spec.features, "features"),
        targets(spec.targets, "targets"),
        sample_weights(spec.targets, "sample weights"),
        size(spec.batch_size) {}

  ColumnViews<T> features;        ///< (size, feature shape...), by position or name: batch.features["image"]
  ColumnViews<T> targets;         ///< (size, target shape...)
  ColumnViews<T> sample_weights;  ///< (size), ones at first; of nothing for targets without weights
  std::int64_t size;              ///< samples that there is room for
  std::int64_t step = 0;          ///< which batch of the epoch this is, from 0
  std::int64_t epoch = 0;         ///< which epoch, from 0; 0 in evaluations and predictions
  RandomStream random{};          ///< of this batch: a function of the seed, the epoch and the step

  /// Writes sample `row` of a column: anything with as many numbers, in row-major order. Throws ShapeError, naming
  /// column, step and sample, for another number of them.
  template <class Values>
  void put_features(std::int64_t row, const Values& values, std::size_t column = 0) {
    put(features, row, values, column);
  }
  template <class Values>
  void put_targets(std::int64_t row, const Values& values, std::size_t column = 0) {
    put(targets, row, values, column);
  }

 private:
  template <class Values>
  void put(ColumnViews<T>& columns, std::int64_t row, const Values& values, std::size_t column) {
    TensorView<T>& view = columns[column];
    const auto numbers = static_cast<std::int64_t>(std::distance(std::begin(values), std::end(values)));
    require<ValueError>(row >= 0 && row < size, "batch: expected a sample below ", size, ", got ", row);
    detail::require_sample_of(columns.spec(column), columns.what(), column, step, row, numbers);
    std::transform(std::begin(values), std::end(values), view.elements() + row * numbers,
                   [](const auto& value) { return static_cast<T>(value); });
  }
};

namespace detail {

template <class G>
concept IsGenerator = requires(const G& generator) {
  { generator.spec() } -> std::convertible_to<BatchSpec>;
}
&&!requires { typename G::IsBatches; };

template <class G, class T>
concept Loads = requires(G& generator, std::int64_t step, Batch<T>& batch) {
  generator.load(step, batch);
};

/// What a class of generators does, as functions.
struct GeneratorClass {
  void (*begin_epoch)(void* held, std::uint64_t seed, std::int64_t epoch) = nullptr;
  std::int64_t (*load_float)(void* held, std::int64_t step, Batch<float>& batch) = nullptr;
  std::int64_t (*load_double)(void* held, std::int64_t step, Batch<double>& batch) = nullptr;

  template <class T>
  auto load() const {
    if constexpr (std::is_same_v<T, float>) {
      return load_float;
    } else {
      return load_double;
    }
  }
};

/// Whole batches where the generator does not say how many samples it has written.
template <class G, class T>
std::int64_t load_batch(void* held, std::int64_t step, Batch<T>& batch) {
  G& generator = *static_cast<G*>(held);
  if constexpr (std::is_void_v<decltype(generator.load(step, batch))>) {
    generator.load(step, batch);
    return batch.size;
  } else {
    return generator.load(step, batch);
  }
}

template <class G>
constexpr GeneratorClass describe_generator() {
  GeneratorClass table;
  static_assert(Loads<G, float> || Loads<G, double>,
                "a generator needs: void load(std::int64_t step, Batch<float>& batch), or the same returning how many "
                "samples it has written; for models in double Batch<double>&, or a template");
  if constexpr (requires(G & generator) { generator.begin_epoch(std::uint64_t{}, std::int64_t{}); }) {
    table.begin_epoch = [](void* held, std::uint64_t seed, std::int64_t epoch) {
      static_cast<G*>(held)->begin_epoch(seed, epoch);
    };
  }
  if constexpr (Loads<G, float>) table.load_float = load_batch<G, float>;
  if constexpr (Scalars::contains<double>) {
    if constexpr (Loads<G, double>) table.load_double = load_batch<G, double>;
  }
  return table;
}

template <class G>
inline constexpr GeneratorClass generator_class = describe_generator<G>();

/// A function that loads batches of that kind.
template <class F>
struct FunctionGenerator {
  BatchSpec batches;
  F function;
  const BatchSpec& spec() const { return batches; }
  auto load(std::int64_t step, auto& batch) requires requires(F& called) { called(step, batch); }
  { return function(step, batch); }
};

}  // namespace detail

/// Batches that a generator makes, one after another on the thread that asks for them.
template <class T>
class GeneratorSource final : public BatchSource<T> {
 public:
  /// Throws ValueError for a generator that has no `load` for the scalar type, and for a spec that is none.
  GeneratorSource(BatchSpec spec, std::shared_ptr<void> generator, const detail::GeneratorClass& its_class)
      : BatchSource<T>(checked(std::move(spec))),
        generator_(std::move(generator)),
        class_(its_class),
        batch_(this->spec()) {
    require<ValueError>(class_.template load<T>() != nullptr, "generator: expected a load that takes Batch<",
                        sizeof(T) == sizeof(float) ? "float" : "double", ">&, as the model computes in it");
  }

  void begin_epoch(std::uint64_t seed, std::int64_t epoch) override {
    seed_ = seed;
    batch_.epoch = epoch;
    if (class_.begin_epoch != nullptr) class_.begin_epoch(generator_.get(), seed, epoch);
  }

  /// Throws what the generator throws, and ValueError for a number of samples that there is no room for, and for no
  /// batch where the spec says that there is one.
  std::int64_t load(std::int64_t step, const BatchMemory<T>& memory, ThreadPool&) override {
    const BatchSpec& spec = this->spec();
    if (spec.steps && step >= *spec.steps) return 0;
    batch_.step = step;
    batch_.random = RandomStream(seed_, Purpose::generator, static_cast<std::uint64_t>(batch_.epoch),
                                 static_cast<std::uint64_t>(step));
    bind(batch_.features, memory.features);
    bind(batch_.targets, memory.targets);
    for (std::size_t k = 0; k < memory.sample_weights.size(); ++k) {
      if (memory.sample_weights[k] == nullptr) continue;
      batch_.sample_weights[k].bind(memory.sample_weights[k], {spec.batch_size});
      std::fill_n(memory.sample_weights[k], spec.batch_size, T(1));
    }
    const std::int64_t count = class_.template load<T>()(generator_.get(), step, batch_);
    check(step, count);
    for (std::size_t k = 0; k < memory.features.size(); ++k) {
      const ColumnSpec& column = spec.features[k];
      if (memory.takes_integers(k))
        detail::make_integers(memory.features[k], count * column.shape.size(), column, step);
    }
    return count;
  }

 private:
  [[gnu::cold]] static BatchSpec checked(BatchSpec spec) {
    require<ValueError>(spec.batch_size >= 1, "generator: expected batch_size of 1 or more, got ", spec.batch_size);
    require<ValueError>(spec.steps.value_or(1) >= 1, "generator: expected steps of 1 or more, got ",
                        spec.steps.value_or(1));
    require<ValueError>(!spec.features.empty(), "generator: expected a spec with features, got none");
    return spec;
  }

  void check(std::int64_t step, std::int64_t count) const {
    const BatchSpec& spec = this->spec();
    require<ValueError>(count >= 0 && count <= spec.batch_size, "generator: step ", step,
                        ": expected a batch of up to ", spec.batch_size, " samples, got ", count);
    require<ValueError>(count > 0 || !spec.steps, "generator: step ", step, ": expected a batch, as the spec says ",
                        spec.steps.value_or(0), " steps an epoch, got no samples");
  }

  void bind(ColumnViews<T>& views, const List<T*>& memory) const {
    for (std::size_t k = 0; k < memory.size(); ++k) {
      if (memory[k] != nullptr) views[k].bind(memory[k], views.spec(k).shape.with_batch(this->spec().batch_size));
    }
  }

  std::shared_ptr<void> generator_;
  const detail::GeneratorClass& class_;
  std::uint64_t seed_ = 0;
  Batch<T> batch_;
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/data/generator-inl.hpp>
#endif
