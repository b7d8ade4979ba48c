#pragma once
// Dataset: samples with their targets and weights, and the ways to cut them.

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/random.hpp>
#include <nacre/core/range.hpp>
#include <nacre/core/shape.hpp>
#include <nacre/core/xtensor.hpp>
#include <nacre/data/column.hpp>
#include <nacre/data/shuffle.hpp>
#include <nacre/data/to_column.hpp>

namespace nacre {

/// Samples, each with features, and with a target and a weight where there are any. A value: everything that changes it
/// returns another Dataset, and those share the samples in memory, so that cutting, shuffling and copying are cheap.
///
///     auto [train, validation] = Dataset(x, y).one_hot(10).shuffled(42).split(0.8);
///
/// `x` is (samples, ...); `y` is (samples) or (samples, 1) for class numbers or single values, and (samples, classes)
/// for one-hot rows.
class Dataset {
 public:
  /// A data set without samples.
  Dataset() = default;

  /// Features alone, to predict from.
  explicit Dataset(Column features) : features_(std::move(features)), count_(features_.count()) {}

  /// Features and targets. Throws ShapeError unless there are equally many.
  Dataset(Column features, Column targets) : Dataset(std::move(features)) {
    require<ShapeError>(targets.count() == count_, "Dataset: expected as many targets as samples, got ", count_,
                        " samples and ", targets.count(), " targets");
    targets_ = std::move(targets);
  }

  /// Features alone, from xtensor: copied, or moved from an rvalue. Throws ShapeError for a single number.
  template <NumberExpression X>
  explicit Dataset(X&& x) : Dataset(to_column(std::forward<X>(x))) {}

  /// Features and targets from xtensor: copied, or moved from rvalues. Throws ShapeError for unequal numbers of
  /// samples.
  template <NumberExpression X, NumberExpression Y>
  Dataset(X&& x, Y&& y) : Dataset(to_column(std::forward<X>(x)), to_column(std::forward<Y>(y))) {}

  /// The same without a copy, where possible: containers of uint8, int32, float or double in row-major order are
  /// borrowed. They have to stay alive and unchanged as long as this data set, or another made from it, is in use.
  template <NumberExpression X>
  static Dataset view(X&& x) {
    return Dataset(view_as_column(std::forward<X>(x)));
  }
  template <NumberExpression X, NumberExpression Y>
  static Dataset view(X&& x, Y&& y) {
    return Dataset(view_as_column(std::forward<X>(x)), view_as_column(std::forward<Y>(y)));
  }

  // ---- what it holds ----

  /// Number of samples.
  std::int64_t size() const { return count_; }
  bool empty() const { return count_ == 0; }

  /// Shape of one sample's features: (28, 28, 1).
  const Shape& feature_shape() const { return features_.shape(); }

  bool has_targets() const { return targets_.has_value(); }

  /// Shape of one sample's target: () for a class number, (10,) for a one-hot row. Throws StateError without targets.
  const Shape& target_shape() const { return targets_column().shape(); }

  bool has_weights() const { return weights_ != nullptr; }

  /// Weight of sample `sample`; 1 where there are none.
  double weight(std::int64_t sample) const {
    return weights_ ? (*weights_)[static_cast<std::size_t>(row(check(sample)))] : 1;
  }

  /// The class of sample `sample`: its class number, or where its target's one-hot row is largest. Throws StateError
  /// without targets, ValueError for a target that is neither.
  std::int64_t label(std::int64_t sample) const {
    const std::int64_t found = class_of(targets_column(), row(check(sample)));
    require<ValueError>(found >= 0,
                        "label: expected the class number or the one-hot row of a single class, got a target ",
                        "of shape ", target_shape(), " with first value ", targets_->value(row(sample)));
    return found;
  }

  /// Features of sample `sample` as the network takes them, `feature_shape()`.
  template <std::floating_point T = float>
  xt::xarray<T> sample(std::int64_t sample) const {
    return gathered<T>(features_, feature_shape(), {check(sample), sample + 1});
  }

  /// Target of sample `sample`, `target_shape()`. Throws StateError without targets.
  template <std::floating_point T = float>
  xt::xarray<T> target(std::int64_t sample) const {
    return gathered<T>(targets_column(), target_shape(), {check(sample), sample + 1});
  }

  /// Features of all samples as the network takes them, (samples, ...).
  template <std::floating_point T = float>
  xt::xarray<T> features() const {
    return gathered<T>(features_, feature_shape().with_batch(count_), {0, count_});
  }

  /// Targets of all samples, (samples, ...). Throws StateError without targets.
  template <std::floating_point T = float>
  xt::xarray<T> targets() const {
    return gathered<T>(targets_column(), target_shape().with_batch(count_), {0, count_});
  }

  /// "Dataset(48000 samples, features (28, 28, 1) uint8, targets (10,) uint8)".
  std::string to_string() const {
    std::string out = text("Dataset(", count_, " samples, features ", feature_shape(), " ", features_.stored_type());
    if (targets_) out += text(", targets ", targets_->shape(), " ", targets_->stored_type());
    if (weights_) out += ", weighted";
    return out + ")";
  }

  // ---- cutting ----

  /// The first `samples` samples, or all where there are fewer. Throws ValueError below 0.
  Dataset take(std::int64_t samples) const {
    require<ValueError>(samples >= 0, "take: expected 0 samples or more, got ", samples);
    return slice(0, std::min(samples, count_));
  }

  /// All but the first `samples` samples. Throws ValueError below 0.
  Dataset skip(std::int64_t samples) const {
    require<ValueError>(samples >= 0, "skip: expected 0 samples or more, got ", samples);
    return slice(std::min(samples, count_), count_);
  }

  /// The samples from `first` up to, not including, `last`. Throws ValueError unless 0 <= first <= last <= size().
  Dataset slice(std::int64_t first, std::int64_t last) const {
    require<ValueError>(0 <= first && first <= last && last <= count_, "slice: expected 0 <= first <= last <= ", count_,
                        ", got first ", first, " and last ", last);
    Dataset result = *this;
    result.first_ += first;
    result.count_ = last - first;
    return result;
  }

  /// The first floor(size * `fraction`) samples and the rest. Throws ValueError where either would be empty.
  std::pair<Dataset, Dataset> split(double fraction) const {
    require<ValueError>(fraction > 0 && fraction < 1, "split: expected a fraction between 0 and 1, got ", fraction);
    return cut("split", fraction, fraction);
  }

  /// What Keras' `validation_split` does: the first floor(size * (1 - `fraction`)) samples, to train on, and the rest,
  /// to validate with. Throws ValueError where either would be empty.
  std::pair<Dataset, Dataset> validation_split(double fraction) const {
    require<ValueError>(fraction > 0 && fraction < 1, "validation_split: expected a fraction between 0 and 1, got ",
                        fraction);
    return cut("validation_split", fraction, 1.0 - fraction);
  }

  /// The same samples in a random order that `seed` determines.
  Dataset shuffled(std::uint64_t seed) const {
    std::vector<std::int64_t> order(static_cast<std::size_t>(count_));
    random_order(order, RandomStream(seed, Purpose::data));
    for (std::int64_t& sample : order) sample = row(sample);
    Dataset result = *this;
    result.order_ = std::make_shared<const std::vector<std::int64_t>>(std::move(order));
    result.first_ = 0;
    return result;
  }

  // ---- other forms of the same samples ----

  /// Class numbers 0 to `classes` - 1 as one-hot rows, made as a batch is gathered. One-hot rows of that many classes
  /// stay. Throws ValueError for a label outside the range, ShapeError for targets that are no class numbers,
  /// StateError without targets.
  Dataset one_hot(std::int64_t classes) const {
    Dataset result = *this;
    result.targets_ = targets_column().one_hot(classes);
    for (std::int64_t sample = 0; sample < count_; ++sample) {
      for (std::int64_t element = 0; element < targets_->stored_size(); ++element) {
        const double label = targets_->value(row(sample), element);
        require<ValueError>(label >= 0 && label < static_cast<double>(classes) && label == std::floor(label),
                            "one_hot: expected class numbers from 0 to ", classes - 1, ", got ", label, " at sample ",
                            sample);
      }
    }
    return result;
  }

  /// One-hot rows as class numbers, which SparseCategoricalCrossentropy takes: the position of the largest number.
  /// Class numbers stay. Throws ShapeError for targets that are neither, StateError without targets.
  Dataset class_numbers() const {
    const Column& targets = targets_column();
    Dataset result = *this;
    if (targets.classes() > 0) {
      result.targets_ = targets.class_numbers();
    } else if (targets.sample_size() != 1) {
      require<ShapeError>(targets.shape().rank() == 1,
                          "class_numbers: expected one-hot rows or class numbers, got targets ", "of shape ",
                          targets.shape());
      std::vector<std::int32_t> numbers(static_cast<std::size_t>(targets.count()));
      for (std::int64_t stored = 0; stored < targets.count(); ++stored) {
        numbers[static_cast<std::size_t>(stored)] = static_cast<std::int32_t>(class_of(targets, stored));
      }
      result.targets_ = Column(std::move(numbers), targets.count(), Shape{});
    }
    return result;
  }

  /// Features x as x * `scale` + `offset`, computed as a batch is gathered, on top of a scaling they already have: for
  /// pixels from 0 to 1, `with_scale(2, -1)` makes them -1 to 1.
  Dataset with_scale(double scale, double offset = 0) const {
    Dataset result = *this;
    result.features_ = features_.with_scale(scale, offset);
    return result;
  }

  /// The features of each sample under another shape: images (28, 28, 1) as rows (784,). Throws ShapeError unless it
  /// has as many elements.
  Dataset reshaped(const Shape& shape) const {
    Dataset result = *this;
    result.features_ = features_.reshaped(shape);
    return result;
  }

  /// With these weights, one a sample, in place of those it has. A loss counts each sample as often as its weight says.
  /// Throws ShapeError unless there is one for each sample, ValueError for an infinite one or NaN.
  Dataset with_sample_weights(const std::vector<double>& weights) const {
    require<ShapeError>(static_cast<std::int64_t>(weights.size()) == count_,
                        "with_sample_weights: expected one weight for each of ", count_, " samples, got ",
                        weights.size());
    return with_weights([&](std::int64_t sample) { return weights[static_cast<std::size_t>(sample)]; });
  }

  /// With the weight of each sample multiplied by that of its class; classes that are not listed count 1. Throws
  /// StateError without targets, ValueError for targets without a class and for an infinite weight or NaN.
  Dataset with_class_weights(const std::map<std::int64_t, double>& weights) const {
    return with_weights([&](std::int64_t sample) {
      const auto found = weights.find(label(sample));
      return weight(sample) * (found == weights.end() ? 1.0 : found->second);
    });
  }

  // ---- for the batch loader ----

  /// All features in memory, also those of samples that were cut away.
  const Column& features_column() const { return features_; }

  /// All targets in memory. Throws StateError without targets.
  const Column& targets_column() const {
    require<StateError>(targets_.has_value(),
                        "Dataset: expected targets, but it has features alone; make it from x and y");
    return *targets_;
  }

  /// Where in the columns sample `sample` lies. Not checked.
  std::int64_t row(std::int64_t sample) const {
    return order_ ? (*order_)[static_cast<std::size_t>(first_ + sample)] : first_ + sample;
  }

 private:
  std::int64_t check(std::int64_t sample) const {
    require<ValueError>(sample >= 0 && sample < count_, "Dataset: expected a sample from 0 to ", count_ - 1, ", got ",
                        sample);
    return sample;
  }

  std::pair<Dataset, Dataset> cut(const char* name, double fraction, double first_part) const {
    const auto at = static_cast<std::int64_t>(std::floor(static_cast<double>(count_) * first_part));
    require<ValueError>(at > 0 && at < count_, name, ": expected samples on both sides, but ", fraction, " cuts ",
                        count_, " samples into ", at, " and ", count_ - at);
    return {slice(0, at), slice(at, count_)};
  }

  /// The class that a target names, or -1.
  static std::int64_t class_of(const Column& targets, std::int64_t row) {
    if (targets.stored_size() == 1) {
      const double number = targets.value(row);
      return number >= 0 && number < 0x1p53 && number == std::floor(number) ? static_cast<std::int64_t>(number) : -1;
    }
    if (targets.classes() > 0 || targets.shape().rank() != 1) return -1;
    std::int64_t largest = 0;
    for (std::int64_t c = 1; c < targets.stored_size(); ++c) {
      if (targets.value(row, c) > targets.value(row, largest)) largest = c;
    }
    return largest;
  }

  template <std::floating_point T>
  xt::xarray<T> gathered(const Column& column, const Shape& extents, Range samples) const {
    xt::xarray<T> result;
    result.resize(std::vector<std::size_t>(extents.begin(), extents.end()));
    T* out = result.data();
    for (std::int64_t sample = samples.first; sample < samples.last; ++sample, out += column.sample_size()) {
      column.gather(row(sample), out);
    }
    return result;
  }

  // Weights are kept for the rows in memory, not for the samples of this view, so that cutting leaves them alone, too.
  template <class WeightOf>
  Dataset with_weights(WeightOf weight_of) const {
    std::vector<double> weights(static_cast<std::size_t>(features_.count()), 1.0);
    for (std::int64_t sample = 0; sample < count_; ++sample) {
      const double weight = weight_of(sample);
      require<ValueError>(std::isfinite(weight), "Dataset: expected finite weights, got ", weight, " for sample ",
                          sample);
      weights[static_cast<std::size_t>(row(sample))] = weight;
    }
    Dataset result = *this;
    result.weights_ = std::make_shared<const std::vector<double>>(std::move(weights));
    return result;
  }

  Column features_;
  std::optional<Column> targets_;
  std::shared_ptr<const std::vector<double>> weights_;
  std::shared_ptr<const std::vector<std::int64_t>> order_;  // rows in the order of the samples; none: as they lie
  std::int64_t first_ = 0;
  std::int64_t count_ = 0;
};

}  // namespace nacre
