#pragma once
// The bodies of dataset.hpp: how samples are cut, put together, and seen in other forms.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/random.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/data/shuffle.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP Dataset::Dataset(Column features) : features_(std::move(features)), count_(features_.count()) {
  require_positive_extents(features_.shape(), "Dataset: features");
}

NACRE_SETUP Dataset::Dataset(Column features, Column targets) : Dataset(std::move(features)) {
  require<ShapeError>(targets.count() == count_, "Dataset: expected as many targets as samples, got ", count_,
                      " samples and ", targets.count(), " targets");
  require_positive_extents(targets.shape(), "Dataset: targets");
  targets_ = std::move(targets);
  has_targets_ = true;
}

// ---- what it holds ----

NACRE_INLINE std::int64_t Dataset::label(std::int64_t sample) const {
  const std::int64_t found = class_of(targets_column(), row(check(sample)));
  require<ValueError>(found >= 0,
                      "label: expected the class number or the one-hot row of a single class, got a target ",
                      "of shape ", target_shape(), " with first value ", targets_.value(row(sample)));
  return found;
}

NACRE_SETUP std::string Dataset::to_string() const {
  std::string out = text("Dataset(", count_, " samples, features ", feature_shape(), " ", features_.stored_type());
  if (has_targets_) out += text(", targets ", targets_.shape(), " ", targets_.stored_type());
  if (sample_weights_) out += ", weighted";
  return out + ")";
}

NACRE_INLINE const Column& Dataset::targets_column() const {
  require<StateError>(has_targets_, "Dataset: expected targets, but it has features alone; make it from x and y");
  return targets_;
}

NACRE_SETUP std::int64_t Dataset::check(std::int64_t sample) const {
  require<ValueError>(sample >= 0 && sample < count_, "Dataset: expected a sample from 0 to ", count_ - 1, ", got ",
                      sample);
  return sample;
}

/// The class that a target names, or -1.
NACRE_INLINE std::int64_t Dataset::class_of(const Column& targets, std::int64_t row) {
  if (targets.stored_size() == 1) {
    const double number = targets.value(row);
    return Column::is_class(number, std::int64_t{1} << 53) ? static_cast<std::int64_t>(number) : -1;
  }
  if (targets.classes() > 0 || targets.shape().rank() != 1) return -1;
  std::int64_t largest = 0;
  for (std::int64_t c = 1; c < targets.stored_size(); ++c) {
    if (targets.value(row, c) > targets.value(row, largest)) largest = c;
  }
  return largest;
}

NACRE_SETUP std::vector<std::size_t> Dataset::checked_extents(const Shape& extents) {
  require_addressable(extents);
  return {extents.begin(), extents.end()};
}

// ---- cutting ----

NACRE_SETUP Dataset Dataset::take(std::int64_t samples) const {
  require<ValueError>(samples >= 0, "take: expected 0 samples or more, got ", samples);
  return slice(0, std::min(samples, count_));
}

NACRE_SETUP Dataset Dataset::skip(std::int64_t samples) const {
  require<ValueError>(samples >= 0, "skip: expected 0 samples or more, got ", samples);
  return slice(std::min(samples, count_), count_);
}

NACRE_SETUP Dataset Dataset::slice(std::int64_t first, std::int64_t last) const {
  require<ValueError>(0 <= first && first <= last && last <= count_, "slice: expected 0 <= first <= last <= ", count_,
                      ", got first ", first, " and last ", last);
  Dataset result = *this;
  result.first_ += first;
  result.count_ = last - first;
  return result;
}

NACRE_SETUP std::pair<Dataset, Dataset> Dataset::split(double fraction) const {
  require<ValueError>(fraction > 0 && fraction < 1, "split: expected a fraction between 0 and 1, got ", fraction);
  return cut("split", fraction, fraction);
}

NACRE_SETUP std::pair<Dataset, Dataset> Dataset::validation_split(double fraction) const {
  require<ValueError>(fraction > 0 && fraction < 1, "validation_split: expected a fraction between 0 and 1, got ",
                      fraction);
  return cut("validation_split", fraction, 1.0 - fraction);
}

NACRE_SETUP std::pair<Dataset, Dataset> Dataset::cut(const char* name, double fraction, double first_part) const {
  const auto at = static_cast<std::int64_t>(std::floor(static_cast<double>(count_) * first_part));
  require<ValueError>(at > 0 && at < count_, name, ": expected samples on both sides, but ", fraction, " cuts ", count_,
                      " samples into ", at, " and ", count_ - at);
  return {slice(0, at), slice(at, count_)};
}

NACRE_SETUP Dataset Dataset::shuffled(std::uint64_t seed) const {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count_));
  random_order(order, RandomStream(seed, Purpose::data));
  return at_places(order);
}

NACRE_SETUP Dataset Dataset::select(const std::vector<std::int64_t>& places) const {
  for (std::size_t i = 0; i < places.size(); ++i) {
    require<ValueError>(places[i] >= 0 && places[i] < count_, "select: expected samples from 0 to ", count_ - 1,
                        ", got ", places[i], " at place ", i);
  }
  return at_places(places);
}

NACRE_SETUP Dataset Dataset::at_places(const std::vector<std::int64_t>& places) const {
  std::vector<std::int64_t> order;
  std::vector<double> weights;
  order.reserve(places.size());
  for (const std::int64_t place : places) order.push_back(row(place));
  Dataset result = *this;
  if (sample_weights_) {
    weights.reserve(places.size());
    for (const std::int64_t place : places) weights.push_back(sample_weight(place));
    result.sample_weights_ = std::make_shared<const std::vector<double>>(std::move(weights));
  }
  result.order_ = std::make_shared<const std::vector<std::int64_t>>(std::move(order));
  result.first_ = 0;
  result.count_ = static_cast<std::int64_t>(places.size());
  return result;
}

NACRE_SETUP Dataset Dataset::concatenate(const Dataset& first, const Dataset& second) {
  require<ShapeError>(first.feature_shape() == second.feature_shape(), "concatenate: expected features of shape ",
                      first.feature_shape(), " in both data sets, got ", second.feature_shape(), " in the second",
                      shape_hint(first.feature_shape(), second.feature_shape()));
  require<ValueError>(first.has_targets_ == second.has_targets_,
                      "concatenate: expected targets in both data sets or in ", "neither, got them in the ",
                      first.has_targets_ ? "first" : "second", " alone");
  require<ShapeError>(first.targets_.shape() == second.targets_.shape(), "concatenate: expected targets of shape ",
                      first.targets_.shape(), " in both data sets, got ", second.targets_.shape(), " in the second",
                      target_shape_hint(first.targets_.shape(), second.targets_.shape()));
  std::vector<std::int64_t> rows;
  std::vector<double> weights;
  std::vector<const Column*> features;
  std::vector<const Column*> targets;
  for (const Dataset* part : {&first, &second}) {
    for (std::int64_t sample = 0; sample < part->count_; ++sample) {
      rows.push_back(part->row(sample));
      weights.push_back(part->sample_weight(sample));
      features.push_back(&part->features_);
      targets.push_back(&part->targets_);
    }
  }
  if (rows.empty()) return first;
  Dataset result(Column::gathered(features, rows));
  if (first.has_targets_) result.targets_ = Column::gathered(targets, rows);
  result.has_targets_ = first.has_targets_;
  if (first.sample_weights_ || second.sample_weights_) {
    result.sample_weights_ = std::make_shared<const std::vector<double>>(std::move(weights));
  }
  return result;
}

// ---- other forms of the same samples ----

NACRE_INLINE void Dataset::require_class_numbers(std::int64_t classes, std::string_view place) const {
  const Column& targets = targets_column();
  const std::int64_t positions = targets.stored_size();
  for (std::int64_t sample = 0; sample < count_; ++sample) {
    for (std::int64_t position = 0; position < positions; ++position) {
      const double label = targets.value(row(sample), position);
      if (Column::is_class(label, classes)) continue;
      throw ValueError(text(place, ": expected class numbers from 0 to ", classes - 1, ", got ", label, " at sample ",
                            sample, positions > 1 ? text(", position ", position) : ""));
    }
  }
}

NACRE_SETUP Dataset Dataset::one_hot(std::int64_t classes) const {
  Dataset result = *this;
  result.targets_ = targets_column().one_hot(classes);
  result.require_class_numbers(classes, "one_hot");
  return result;
}

NACRE_SETUP Dataset Dataset::class_numbers() const {
  const Column& targets = targets_column();
  Dataset result = *this;
  if (targets.classes() > 0) {
    result.targets_ = targets.class_numbers();
  } else if (targets.sample_size() != 1) {
    require<ShapeError>(targets.shape().rank() == 1,
                        "class_numbers: expected one-hot rows or class numbers, got targets of shape ",
                        targets.shape());
    std::vector<std::int32_t> numbers(static_cast<std::size_t>(targets.count()));
    for (std::int64_t stored = 0; stored < targets.count(); ++stored) {
      numbers[static_cast<std::size_t>(stored)] = static_cast<std::int32_t>(class_of(targets, stored));
    }
    result.targets_ = Column(std::move(numbers), targets.count(), Shape{});
  }
  return result;
}

NACRE_SETUP Dataset Dataset::with_scale(double scale, double offset) const {
  Dataset result = *this;
  result.features_ = features_.with_scale(scale, offset);
  return result;
}

NACRE_SETUP Dataset Dataset::reshaped(const Shape& shape) const {
  Dataset result = *this;
  result.features_ = features_.reshaped(shape);
  return result;
}

template <class WeightOf>
Dataset Dataset::with_sample_weights_of(WeightOf weight_of) const {
  std::vector<double> weights(places(), 1.0);
  for (std::int64_t sample = 0; sample < count_; ++sample) {
    const double weight = weight_of(sample);
    require<ValueError>(std::isfinite(weight), "Dataset: expected finite weights, got ", weight, " for sample ",
                        sample);
    weights[static_cast<std::size_t>(first_ + sample)] = weight;
  }
  Dataset result = *this;
  result.sample_weights_ = std::make_shared<const std::vector<double>>(std::move(weights));
  return result;
}

NACRE_SETUP Dataset Dataset::with_sample_weights(const std::vector<double>& weights) const {
  require<ShapeError>(static_cast<std::int64_t>(weights.size()) == count_,
                      "with_sample_weights: expected one weight for each of ", count_, " samples, got ",
                      weights.size());
  return with_sample_weights_of([&](std::int64_t sample) { return weights[static_cast<std::size_t>(sample)]; });
}

NACRE_SETUP Dataset Dataset::with_class_weights(const std::map<std::int64_t, double>& weights) const {
  return with_sample_weights_of([&](std::int64_t sample) {
    const auto found = weights.find(label(sample));
    return sample_weight(sample) * (found == weights.end() ? 1.0 : found->second);
  });
}

}  // namespace nacre
