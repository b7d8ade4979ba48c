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
#include <nacre/core/list.hpp>
#include <nacre/core/random.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/data/shuffle.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP Dataset::Dataset(Column features) : Dataset(Columns{std::move(features)}) {}

NACRE_SETUP Dataset::Dataset(Column features, Column targets)
    : Dataset(Columns{std::move(features)}, Columns{std::move(targets)}) {}

NACRE_SETUP Dataset::Dataset(Columns features, Columns targets)
    : features_(std::move(features)), targets_(std::move(targets)) {
  require<ValueError>(!features_.empty(), "Dataset: expected one column of features or more, got none");
  count_ = features_[0].column.count();
  for (const Columns* columns : {&features_, &targets_}) {
    const std::string_view what = columns == &features_ ? "features" : "targets";
    for (std::size_t c = 0; c < columns->size(); ++c) {
      const NamedColumn& column = (*columns)[c];
      require<ShapeError>(column.column.count() == count_, "Dataset: expected as many ", what, " as samples, got ",
                          count_, " samples and ", column.column.count(), " ", what);
      require_positive_extents(column.column.shape(), text("Dataset: ", what));
      for (std::size_t other = 0; other < c; ++other) {
        require<ValueError>(column.name.empty() || (*columns)[other].name != column.name, "Dataset: expected ", what,
                            " of different names, got \"", column.name, "\" twice");
      }
    }
  }
}

// ---- what it holds ----

NACRE_INLINE std::int64_t Dataset::label(std::int64_t sample) const {
  const std::int64_t found = class_of(targets_column(), row(check(sample)));
  require<ValueError>(found >= 0,
                      "label: expected the class number or the one-hot row of a single class, got a target ",
                      "of shape ", target_shape(), " with first value ", targets_column().value(row(sample)));
  return found;
}

NACRE_SETUP std::string Dataset::to_string() const {
  std::string out = text("Dataset(", count_, " samples");
  for (const Columns* columns : {&features_, &targets_}) {
    for (const NamedColumn& column : *columns) {
      out += text(", ", columns == &features_ ? "features " : "targets ",
                  column.name.empty() ? std::string() : text("\"", column.name, "\" "), column.column.shape(), " ",
                  column.column.stored_type());
    }
  }
  if (!sample_weights_.empty()) out += ", weighted";
  return out + ")";
}

NACRE_INLINE const Column& Dataset::targets_column(std::size_t column) const {
  require<StateError>(column < targets_.size(), "Dataset: expected targets",
                      targets_.empty() ? std::string() : text(" of ", column + 1, " columns"), ", but it has ",
                      targets_.empty() ? std::string("features alone; make it from x and y") : text(targets_.size()));
  return targets_[column].column;
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

NACRE_SETUP List<std::size_t> Dataset::checked_extents(const Shape& extents) {
  require_addressable(extents);
  return {extents.begin(), extents.end()};
}

// ---- cutting ----

NACRE_SETUP Dataset Dataset::take(std::int64_t samples) const {
  require<ValueError>(samples >= 0, "take: expected 0 samples or more, got ", samples);
  return slice(0, std::min(samples, count_));
}

NACRE_SETUP Dataset Dataset::shard(std::int64_t index, std::int64_t count) const {
  require<ValueError>(index >= 0 && index < count, "shard: expected an index from 0 to below the count of shards, got ",
                      index, " of ", count);
  List<std::int64_t> places;
  for (std::int64_t sample = index; sample < count_; sample += count) places.push_back(sample);
  return select(places);
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
  List<std::int64_t> order(static_cast<std::size_t>(count_));
  random_order(order, RandomStream(seed, Purpose::data));
  return at_places(order);
}

NACRE_SETUP Dataset Dataset::select(const List<std::int64_t>& places) const {
  for (std::size_t i = 0; i < places.size(); ++i) {
    require<ValueError>(places[i] >= 0 && places[i] < count_, "select: expected samples from 0 to ", count_ - 1,
                        ", got ", places[i], " at place ", i);
  }
  return at_places(places);
}

NACRE_SETUP Dataset Dataset::at_places(const List<std::int64_t>& places) const {
  List<std::int64_t> order;
  order.reserve(places.size());
  for (const std::int64_t place : places) order.push_back(row(place));
  Dataset result = *this;
  for (std::size_t column = 0; column < sample_weights_.size(); ++column) {
    if (!sample_weights_[column]) continue;
    std::vector<double> weights;
    weights.reserve(places.size());
    for (const std::int64_t place : places) weights.push_back(sample_weight(place, column));
    result.sample_weights_[column] = std::make_shared<const std::vector<double>>(std::move(weights));
  }
  result.order_ = std::make_shared<const List<std::int64_t>>(std::move(order));
  result.first_ = 0;
  result.count_ = static_cast<std::int64_t>(places.size());
  return result;
}

NACRE_SETUP Dataset Dataset::concatenate(const Dataset& first, const Dataset& second) {
  require<ValueError>(first.has_targets() == second.has_targets(),
                      "concatenate: expected targets in both data sets or in ", "neither, got them in the ",
                      first.has_targets() ? "first" : "second", " alone");
  List<std::int64_t> rows;
  for (const Dataset* part : {&first, &second}) {
    for (std::int64_t sample = 0; sample < part->count_; ++sample) rows.push_back(part->row(sample));
  }
  const auto join = [&](const Columns& left, const Columns& right, const char* what, auto hint) {
    require<ShapeError>(left.size() == right.size(), "concatenate: expected ", left.size(), " columns of ", what,
                        " in both data sets, got ", right.size(), " in the second");
    Columns joined;
    for (std::size_t c = 0; c < left.size(); ++c) {
      const Shape& shape = left[c].column.shape();
      require<ShapeError>(shape == right[c].column.shape(), "concatenate: expected ", what, " of shape ", shape,
                          " in both data sets, got ", right[c].column.shape(), " in the second",
                          hint(shape, right[c].column.shape()));
      List<const Column*> sources(static_cast<std::size_t>(first.count_), &left[c].column);
      sources.resize(rows.size(), &right[c].column);
      joined.emplace_back(left[c].name, rows.empty() ? left[c].column : Column::gathered(sources, rows));
    }
    return joined;
  };
  Columns features = join(first.features_, second.features_, "features",
                          [](const Shape& a, const Shape& b) { return shape_hint(a, b); });
  Columns targets = join(first.targets_, second.targets_, "targets", target_shape_hint);
  if (rows.empty()) return first;
  Dataset result(std::move(features), std::move(targets));
  result.sample_weights_.resize(std::max(first.sample_weights_.size(), second.sample_weights_.size()));
  for (std::size_t column = 0; column < result.sample_weights_.size(); ++column) {
    if (!first.has_sample_weights(column) && !second.has_sample_weights(column)) continue;
    result.sample_weights_[column] = result.sample_weights_of([&](std::int64_t sample) {
      return sample < first.count_ ? first.sample_weight(sample, column)
                                   : second.sample_weight(sample - first.count_, column);
    });
  }
  return result;
}

// ---- other forms of the same samples ----

NACRE_INLINE void Dataset::require_class_numbers(std::int64_t classes, std::string_view place,
                                                 std::size_t column) const {
  const Column& targets = targets_column(column);
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

NACRE_INLINE void Dataset::require_integers(std::string_view place, std::size_t column) const {
  const Column& features = features_column(column);
  if (features.has_integers()) return;
  require<ValueError>(features.classes() == 0, place, ": expected int32 numbers, got one-hot rows");
  for (std::int64_t sample = 0; sample < count_; ++sample) {
    for (std::int64_t element = 0; element < features.stored_size(); ++element) {
      const double number = features.value(row(sample), element);
      if (number == std::floor(number) && std::abs(number) < 2147483648.0) continue;
      throw ValueError(text(place, ": expected int32 numbers, as the Input says: whole ones below 2147483648, got ",
                            number, " at sample ", sample));
    }
  }
}

NACRE_SETUP Dataset Dataset::one_hot(std::int64_t classes, std::size_t column) const {
  Column rows = targets_column(column).one_hot(classes);
  Dataset result = *this;
  result.targets_[column].column = std::move(rows);
  result.require_class_numbers(classes, "one_hot", column);
  return result;
}

NACRE_SETUP Dataset Dataset::class_numbers(std::size_t column) const {
  const Column& targets = targets_column(column);
  Dataset result = *this;
  if (targets.classes() > 0) {
    result.targets_[column].column = targets.class_numbers();
  } else if (targets.sample_size() != 1) {
    require<ShapeError>(targets.shape().rank() == 1,
                        "class_numbers: expected one-hot rows or class numbers, got targets of shape ",
                        targets.shape());
    std::vector<std::int32_t> numbers(static_cast<std::size_t>(targets.count()));
    for (std::int64_t stored = 0; stored < targets.count(); ++stored) {
      numbers[static_cast<std::size_t>(stored)] = static_cast<std::int32_t>(class_of(targets, stored));
    }
    result.targets_[column].column = Column(std::move(numbers), targets.count(), Shape{});
  }
  return result;
}

NACRE_SETUP Dataset Dataset::with_scale(double scale, double offset, std::size_t column) const {
  Dataset result = *this;
  result.features_[column].column = features_column(column).with_scale(scale, offset);
  return result;
}

NACRE_SETUP Dataset Dataset::reshaped(const Shape& shape, std::size_t column) const {
  Dataset result = *this;
  result.features_[column].column = features_column(column).reshaped(shape);
  return result;
}

NACRE_SETUP BatchSpec Dataset::batch_spec() const {
  BatchSpec spec;
  for (const NamedColumn& column : features_) spec.features.push_back({column.name, column.column.shape(), false});
  for (std::size_t k = 0; k < targets_.size(); ++k) {
    spec.targets.push_back({targets_[k].name, targets_[k].column.shape(), has_sample_weights(k)});
  }
  return spec;
}

namespace detail {

NACRE_SETUP List<std::size_t> order_columns(const List<ColumnSpec>& columns, const std::vector<std::string>& names,
                                            std::string_view place, std::string_view what) {
  require<ValueError>(columns.size() == names.size(), place, ": expected ", names.size(), " columns of ", what,
                      ", got ", columns.size());
  List<std::size_t> order(names.size());
  for (std::size_t k = 0; k < names.size(); ++k) order[k] = k;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].name.empty() || names.size() == 1) continue;
    const auto found = std::find(names.begin(), names.end(), columns[c].name);
    std::string known;
    for (const std::string& name : names) known += (known.empty() ? "" : ", ") + name;
    require<ValueError>(found != names.end(), place, ": expected ", what, " for ", known, ", got \"", columns[c].name,
                        "\"");
    order[static_cast<std::size_t>(found - names.begin())] = c;
  }
  for (std::size_t k = 0; k < order.size(); ++k) {
    for (std::size_t other = 0; other < k; ++other) {
      require<ValueError>(order[k] != order[other], place, ": expected ", what, " for \"", names[k],
                          "\", got none of that name");
    }
  }
  return order;
}

}  // namespace detail

NACRE_SETUP Dataset Dataset::in_order_of(const std::vector<std::string>& feature_names,
                                         const std::vector<std::string>& target_names, std::string_view place) const {
  Dataset result = *this;
  const BatchSpec spec = batch_spec();
  const auto features = detail::order_columns(spec.features, feature_names, place, "features");
  for (std::size_t k = 0; k < features.size(); ++k) result.features_[k] = features_[features[k]];
  if (targets_.empty() || target_names.empty()) return result;
  const auto targets = detail::order_columns(spec.targets, target_names, place, "targets");
  for (std::size_t k = 0; k < targets.size(); ++k) {
    result.targets_[k] = targets_[targets[k]];
    if (!sample_weights_.empty()) result.sample_weights_[k] = sample_weights_[targets[k]];
  }
  return result;
}

template <class WeightOf>
std::shared_ptr<const std::vector<double>> Dataset::sample_weights_of(WeightOf weight_of) const {
  std::vector<double> weights(places(), 1.0);
  for (std::int64_t sample = 0; sample < count_; ++sample) {
    const double weight = weight_of(sample);
    require<ValueError>(std::isfinite(weight), "Dataset: expected finite weights, got ", weight, " for sample ",
                        sample);
    weights[static_cast<std::size_t>(first_ + sample)] = weight;
  }
  return std::make_shared<const std::vector<double>>(std::move(weights));
}

NACRE_SETUP Dataset Dataset::with_sample_weights(const std::vector<double>& weights) const {
  Dataset result = *this;
  const std::size_t columns = std::max<std::size_t>(targets_.size(), 1);
  for (std::size_t column = 0; column < columns; ++column) result = result.with_sample_weights(weights, column);
  return result;
}

NACRE_SETUP Dataset Dataset::with_sample_weights(const std::vector<double>& weights, std::size_t column) const {
  require<ShapeError>(static_cast<std::int64_t>(weights.size()) == count_,
                      "with_sample_weights: expected one weight for each of ", count_, " samples, got ",
                      weights.size());
  Dataset result = *this;
  result.sample_weights_.resize(std::max(std::max<std::size_t>(targets_.size(), 1), column + 1));
  result.sample_weights_[column] =
      sample_weights_of([&](std::int64_t sample) { return weights[static_cast<std::size_t>(sample)]; });
  return result;
}

NACRE_SETUP Dataset Dataset::with_class_weights(const std::map<std::int64_t, double>& weights) const {
  require<ValueError>(targets_.size() <= 1, "class_weight: expected one column of targets, got ", targets_.size(),
                      "; weigh the samples of each by with_sample_weights(weights, column)");
  Dataset result = *this;
  result.sample_weights_.resize(1);
  result.sample_weights_[0] = sample_weights_of([&](std::int64_t sample) {
    const auto found = weights.find(label(sample));
    return sample_weight(sample) * (found == weights.end() ? 1.0 : found->second);
  });
  return result;
}

}  // namespace nacre
