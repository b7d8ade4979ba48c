#pragma once
// Dataset: samples with their targets and weights, and the ways to cut them.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/range.hpp>
#include <nacre/core/shape.hpp>
#include <nacre/core/xtensor.hpp>
#include <nacre/data/batch_source.hpp>
#include <nacre/data/column.hpp>
#include <nacre/data/to_column.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A column with the name of the model's input or output that it is for; without one its position counts. Made of
/// whatever `to_column` takes, or of a name and that: `{"image", pixels}`.
struct NamedColumn {
  std::string name{};
  Column column{};

  NamedColumn(Column values) : column(std::move(values)) {}
  NamedColumn(std::string called, Column values) : name(std::move(called)), column(std::move(values)) {}
  template <class X>
  requires(!std::derived_from<std::remove_cvref_t<X>, NamedColumn>) NamedColumn(X&& x)
      : column(to_column(std::forward<X>(x))) {}
  template <class X>
  NamedColumn(std::string called, X&& x) : name(std::move(called)), column(to_column(std::forward<X>(x))) {}
};

/// The features of a model with several inputs, or the targets of one with several outputs.
using Columns = List<NamedColumn>;

/// Samples, each with features, and with a target and a weight where there are any. A value: everything that changes it
/// returns another Dataset, and those share the samples in memory, so that cutting, shuffling and copying are cheap.
///
///     auto [train, validation] = Dataset(x, y).one_hot(10).shuffled(42).split(0.8);
///
/// `x` and `y` are anything that `to_column` takes: xtensor, std::vector, std::span, arrays, or flat memory as
/// `samples(memory, {28, 28, 1})`. `x` is (samples, ...); `y` is (samples) or (samples, 1) for class numbers or single
/// values, and (samples, classes) for one-hot rows.
///
/// For models with several inputs or outputs there are several columns of features or targets:
///
///     Dataset data(Columns{{"image", pixels}, {"position", places}}, Columns{{"digit", digits}, {"parity",
///     parities}});
///
/// What changes features or targets then changes the first column, or the one that `column` says.
class Dataset {
 public:
  /// A data set without samples.
  Dataset() = default;

  /// Features alone, to predict from. Throws ShapeError for a sample with an extent of 0.
  explicit Dataset(Column features);

  /// Features and targets. Throws ShapeError unless there are equally many, and for an extent of 0.
  Dataset(Column features, Column targets);

  /// Several columns of features and of targets, which may be none. Throws ShapeError unless all have equally many
  /// samples, ValueError where there is no column of features, or two of one name.
  explicit Dataset(Columns features, Columns targets = {});

  /// The same from xtensor, std::vector, std::span, arrays, or `samples(memory, shape)`: copied, or moved from rvalues.
  /// A vector holds one number, or one std::array of them, a sample. Throws ShapeError for a single number, too.
  template <class X>
  requires(!std::derived_from<std::remove_cvref_t<X>, Dataset> &&
           !std::is_same_v<std::remove_cvref_t<X>, Columns>) explicit Dataset(X&& x)
      : Dataset(to_column(std::forward<X>(x))) {}
  template <class X, class Y>
  requires(!std::is_same_v<std::remove_cvref_t<X>, Columns>) Dataset(X&& x, Y&& y)
      : Dataset(to_column(std::forward<X>(x)), to_column(std::forward<Y>(y))) {}

  /// The same without a copy, where possible: containers of uint8, int32, float or double in row-major order are
  /// borrowed, and what spans look at. They have to stay alive and unchanged as long as this data set, or another made
  /// from it, is in use.
  template <class X>
  static Dataset view(X&& x) {
    if constexpr (std::is_same_v<std::remove_cvref_t<X>, Columns>) {
      return Dataset(std::forward<X>(x));
    } else {
      return Dataset(view_as_column(std::forward<X>(x)));
    }
  }
  static Dataset view(Columns x, Columns y) { return Dataset(std::move(x), std::move(y)); }
  template <class X, class Y>
  requires(!std::is_same_v<std::remove_cvref_t<X>, Columns>) static Dataset view(X&& x, Y&& y) {
    return Dataset(view_as_column(std::forward<X>(x)), view_as_column(std::forward<Y>(y)));
  }

  // ---- what it holds ----

  /// Number of samples.
  std::int64_t size() const { return count_; }
  bool empty() const { return count_ == 0; }

  /// Shape of one sample's features: (28, 28, 1).
  const Shape& feature_shape(std::size_t column = 0) const { return features_column(column).shape(); }

  /// Columns of features, one for each of the model's inputs.
  std::size_t feature_columns() const { return features_.size(); }
  /// Columns of targets, one for each of the model's outputs.
  std::size_t target_columns() const { return targets_.size(); }

  /// The names of the columns; empty where they have none.
  const std::string& feature_name(std::size_t column) const { return features_[column].name; }
  const std::string& target_name(std::size_t column) const { return targets_[column].name; }

  bool has_targets() const { return !targets_.empty(); }

  /// Shape of one sample's target: () for a class number, (10,) for a one-hot row. Throws StateError without targets.
  const Shape& target_shape(std::size_t column = 0) const { return targets_column(column).shape(); }

  /// Whether samples have weights in the loss of that column of targets.
  bool has_sample_weights(std::size_t column = 0) const {
    return column < sample_weights_.size() && sample_weights_[column] != nullptr;
  }

  /// Weight of sample `sample`; 1 where there are none.
  double sample_weight(std::int64_t sample, std::size_t column = 0) const {
    return has_sample_weights(column) ? (*sample_weights_[column])[static_cast<std::size_t>(first_ + check(sample))]
                                      : 1;
  }

  /// The class of sample `sample`: its class number, or where its target's one-hot row is largest. Throws StateError
  /// without targets, ValueError for a target that is neither.
  std::int64_t label(std::int64_t sample) const;

  /// Features of sample `sample` as the network takes them, `feature_shape()`.
  template <std::floating_point T = float>
  xt::xarray<T> sample(std::int64_t sample) const {
    return gathered<T>(features_column(), feature_shape(), {check(sample), sample + 1});
  }

  /// Target of sample `sample`, `target_shape()`. Throws StateError without targets.
  template <std::floating_point T = float>
  xt::xarray<T> target(std::int64_t sample) const {
    return gathered<T>(targets_column(), target_shape(), {check(sample), sample + 1});
  }

  /// Features of all samples as the network takes them, (samples, ...).
  template <std::floating_point T = float>
  xt::xarray<T> features() const {
    return gathered<T>(features_column(), feature_shape().with_batch(count_), {0, count_});
  }

  /// Targets of all samples, (samples, ...). Throws StateError without targets.
  template <std::floating_point T = float>
  xt::xarray<T> targets() const {
    return gathered<T>(targets_column(), target_shape().with_batch(count_), {0, count_});
  }

  /// "Dataset(48000 samples, features (28, 28, 1) uint8, targets (10,) uint8)".
  std::string to_string() const;

  // ---- cutting ----

  /// The first `samples` samples, or all where there are fewer. Throws ValueError below 0.
  Dataset take(std::int64_t samples) const;

  /// Shard `index` (from 0) of `count`: samples `index`, `index + count`, ... Each sample is in one of the shards,
  /// whose sizes differ by 1 at most. Throws ValueError unless 0 <= index < count.
  Dataset shard(std::int64_t index, std::int64_t count) const;

  /// All but the first `samples` samples. Throws ValueError below 0.
  Dataset skip(std::int64_t samples) const;

  /// The samples from `first` up to, not including, `last`. Throws ValueError unless 0 <= first <= last <= size().
  Dataset slice(std::int64_t first, std::int64_t last) const;

  /// The first floor(size * `fraction`) samples and the rest. Throws ValueError where either would be empty.
  std::pair<Dataset, Dataset> split(double fraction) const;

  /// What Keras' `validation_split` does: the first floor(size * (1 - `fraction`)) samples, to train on, and the rest,
  /// to validate with. Throws ValueError where either would be empty.
  std::pair<Dataset, Dataset> validation_split(double fraction) const;

  /// The same samples in a random order that `seed` determines.
  Dataset shuffled(std::uint64_t seed) const;

  /// The samples at these places, in this order; a place may come more than once. Throws ValueError for one outside.
  Dataset select(const List<std::int64_t>& places) const;

  /// The samples of `first` and then those of `second`, copied into memory of their own. They stay stored as they are
  /// where both store alike (type and scale), otherwise they become double. Throws ShapeError unless features and
  /// targets have the same shapes, ValueError where only one of the two has targets.
  static Dataset concatenate(const Dataset& first, const Dataset& second);

  // ---- other forms of the same samples ----

  /// The same samples in memory of their own: the columns hold these samples alone, in this order, as those of a
  /// selection do not.
  Dataset compact() const { return concatenate(*this, take(0)); }

  /// Class numbers 0 to `classes` - 1 as one-hot rows, made as a batch is gathered. One-hot rows of that many classes
  /// stay. Throws ValueError for a label outside the range, ShapeError for targets that are no class numbers,
  /// StateError without targets.
  Dataset one_hot(std::int64_t classes, std::size_t column = 0) const;

  /// Throws ValueError unless all targets are whole numbers from 0 to `classes` - 1 (or one-hot rows made of such);
  /// names `place`, the first sample that is wrong, its label and the range. Targets may have several positions a
  /// sample. Throws StateError without targets.
  void require_class_numbers(std::int64_t classes, std::string_view place, std::size_t column = 0) const;

  /// Throws ValueError unless all features of that column are whole numbers that an int32 holds; names `place`, the
  /// first sample that is wrong and its number. Where they are stored as such, it looks at none.
  void require_integers(std::string_view place, std::size_t column = 0) const;

  /// One-hot rows as class numbers, which SparseCategoricalCrossentropy takes: the position of the largest number.
  /// Class numbers stay. Throws ShapeError for targets that are neither, StateError without targets.
  Dataset class_numbers(std::size_t column = 0) const;

  /// Features x as x * `scale` + `offset`, computed as a batch is gathered, on top of a scaling they already have: for
  /// pixels from 0 to 1, `with_scale(2, -1)` makes them -1 to 1.
  Dataset with_scale(double scale, double offset = 0, std::size_t column = 0) const;

  /// The features of each sample under another shape: images (28, 28, 1) as rows (784,). Throws ShapeError unless it
  /// has as many elements.
  Dataset reshaped(const Shape& shape, std::size_t column = 0) const;

  /// With these weights, one a sample, in place of those it has, in the losses of all outputs. A loss counts each
  /// sample as often as its weight says. Throws ShapeError unless there is one for each sample, ValueError for an
  /// infinite one or NaN.
  Dataset with_sample_weights(const std::vector<double>& sample_weights) const;
  /// The same for one column of targets.
  Dataset with_sample_weights(const std::vector<double>& sample_weights, std::size_t column) const;

  /// With the weight of each sample multiplied by that of its class; classes that are not listed count 1. Throws
  /// StateError without targets, ValueError for targets without a class and for an infinite weight or NaN.
  Dataset with_class_weights(const std::map<std::int64_t, double>& class_weights) const;

  /// With columns in the order of these names. Columns without names stay where they are; without names for
  /// the targets these do. Throws ValueError for other
  /// numbers of columns and for names that are not among these, in the name of `place`.
  Dataset in_order_of(const std::vector<std::string>& feature_names, const std::vector<std::string>& target_names,
                      std::string_view place) const;

  // ---- for the batch loader ----

  /// The columns of features and targets that batches have.
  BatchSpec batch_spec() const;

  /// All features in memory, also those of samples that were cut away.
  const Column& features_column(std::size_t column = 0) const { return features_[column].column; }

  /// All targets in memory. Throws StateError without targets.
  const Column& targets_column(std::size_t column = 0) const;

  /// Where in the columns sample `sample` lies. Not checked.
  std::int64_t row(std::int64_t sample) const {
    return order_ ? (*order_)[static_cast<std::size_t>(first_ + sample)] : first_ + sample;
  }

 private:
  std::int64_t check(std::int64_t sample) const;

  std::pair<Dataset, Dataset> cut(const char* name, double fraction, double first_part) const;

  /// The class that a target names, or -1.
  static std::int64_t class_of(const Column& targets, std::int64_t row);

  /// How far to read in `order_` and `sample_weights_`.
  std::size_t places() const { return static_cast<std::size_t>(first_ + count_); }

  /// The samples that lie at these places of `order_` and `sample_weights_`.
  Dataset at_places(const List<std::int64_t>& places) const;

  template <std::floating_point T>
  xt::xarray<T> gathered(const Column& column, const Shape& extents, Range samples) const {
    xt::xarray<T> result;
    result.resize(checked_extents(extents));
    T* out = result.data();
    for (std::int64_t sample = samples.first; sample < samples.last; ++sample, out += column.sample_size()) {
      column.gather(row(sample), out);
    }
    return result;
  }

  /// The extents of an array. Throws ShapeError for more elements than a machine has room for.
  static List<std::size_t> checked_extents(const Shape& extents);

  template <class WeightOf>
  std::shared_ptr<const std::vector<double>> sample_weights_of(WeightOf weight_of) const;

  Columns features_{Column()};
  Columns targets_;
  // Sample i lies at place first_ + i of all, so that cutting leaves them alone. Of the weights there are as many as
  // columns of targets, or none.
  List<std::shared_ptr<const std::vector<double>>> sample_weights_;
  std::shared_ptr<const List<std::int64_t>> order_;  // rows of the columns; none: as they lie
  std::int64_t first_ = 0;
  std::int64_t count_ = 0;
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/data/dataset-inl.hpp>
#endif
