#pragma once
// The bodies of adapt.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/data/adapt.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

NACRE_SETUP void require_any(const Dataset& data) {
  require<ValueError>(!data.empty(), "adapt: expected at least one sample, got none");
}

/// The numbers of a sample, as double.
NACRE_SETUP void read_sample(const Dataset& data, std::size_t column, std::int64_t sample, std::vector<double>& out) {
  const Column& features = data.features_column(column);
  out.resize(static_cast<std::size_t>(features.sample_size()));
  features.gather(data.row(sample), out.data());
}

}  // namespace detail

NACRE_SETUP void adapt(Normalization& layer, const Dataset& data, std::size_t column) {
  detail::require_any(data);
  std::int64_t means = 0;
  const std::vector<std::int64_t> place_of = layer.places(data.feature_shape(column), means);
  std::vector<double> values;
  std::vector<double> mean(static_cast<std::size_t>(means));
  std::vector<double> variance(mean.size());
  // Two passes: variances by differences from the mean do not cancel.
  for (const bool centred : {false, true}) {
    std::vector<double>& sums = centred ? variance : mean;
    double count = 0;
    for (std::int64_t sample = 0; sample < data.size(); ++sample) {
      detail::read_sample(data, column, sample, values);
      for (std::size_t i = 0; i < values.size(); ++i) {
        const auto place = static_cast<std::size_t>(place_of[i % place_of.size()]);
        sums[place] += centred ? (values[i] - mean[place]) * (values[i] - mean[place]) : values[i];
      }
      count += static_cast<double>(values.size()) / static_cast<double>(means);
    }
    for (double& sum : sums) sum /= count;
  }
  Normalization adapted = layer;
  adapted.options.mean = std::move(mean);
  adapted.options.variance = std::move(variance);
  adapted.validate();
  layer = std::move(adapted);
}

namespace detail {

/// Values with how many they stand for, rising.
struct QuantileSummary {
  std::vector<double> values;
  std::vector<double> weights;
};

/// numpy.interp.
NACRE_SETUP double interpolate(double x, const std::vector<double>& xs, const std::vector<double>& ys) {
  const auto above = static_cast<std::size_t>(std::upper_bound(xs.begin(), xs.end(), x) - xs.begin());
  if (above == 0) return ys.front();
  if (above == xs.size()) return ys.back();
  const double share = (x - xs[above - 1]) / (xs[above] - xs[above - 1]);
  return ys[above - 1] + share * (ys[above] - ys[above - 1]);
}

/// A summary of about 1 / epsilon values; a smaller one stays.
NACRE_SETUP QuantileSummary compress(const QuantileSummary& summary, double epsilon) {
  if (static_cast<double>(summary.values.size()) * epsilon < 1) return summary;
  std::vector<double> cumulative(summary.weights.size());
  double total = 0;
  for (std::size_t i = 0; i < cumulative.size(); ++i) cumulative[i] = total += summary.weights[i];
  std::vector<double> shares(cumulative.size());
  for (std::size_t i = 0; i < shares.size(); ++i) shares[i] = cumulative[i] / total;
  QuantileSummary result;
  double before = 0;
  const auto count = static_cast<std::int64_t>(std::ceil(1.0 / epsilon));
  for (std::int64_t i = 0; i < count; ++i) {
    const double share = epsilon + static_cast<double>(i) * epsilon;
    const double up_to = interpolate(share, shares, cumulative);
    result.values.push_back(interpolate(share, shares, summary.values));
    result.weights.push_back(up_to - before);
    before = up_to;
  }
  return result;
}

}  // namespace detail

NACRE_SETUP void adapt(Discretization& layer, const Dataset& data, std::size_t column) {
  detail::require_any(data);
  require<ValueError>(layer.options.num_bins.has_value(), "adapt: expected a Discretization with num_bins, got none");
  std::vector<double> all;
  std::vector<double> values;
  for (std::int64_t sample = 0; sample < data.size(); ++sample) {
    detail::read_sample(data, column, sample, values);
    all.insert(all.end(), values.begin(), values.end());
  }
  std::sort(all.begin(), all.end());
  require<ValueError>(!std::isnan(all.front()) && !std::isnan(all.back()), "adapt: expected numbers, got NaN");
  const double epsilon = layer.options.epsilon;
  const double increment = static_cast<double>(all.size()) * epsilon;
  const double step = std::max(increment, 1.0);
  detail::QuantileSummary summary;
  for (auto i = static_cast<std::size_t>(increment); i < all.size(); i += static_cast<std::size_t>(step)) {
    summary.values.push_back(all[i]);
    summary.weights.push_back(step);
  }
  if (summary.values.empty()) summary = {{all.back()}, {step}};
  const detail::QuantileSummary bins =
      detail::compress(detail::compress(summary, epsilon), 1.0 / static_cast<double>(*layer.options.num_bins));
  Discretization adapted = layer;
  adapted.options.bin_boundaries.assign(bins.values.begin(), bins.values.end() - 1);
  require<ValueError>(!adapted.options.bin_boundaries.empty(), "adapt: expected more different values than ",
                      all.size(), " for ", *layer.options.num_bins, " bins");
  adapted.validate();
  layer = std::move(adapted);
}

NACRE_SETUP void adapt(IntegerLookup& layer, const Dataset& data, std::size_t column) {
  detail::require_any(data);
  data.require_integers("adapt", column);
  std::vector<std::pair<std::int64_t, std::int64_t>> seen;  // number and sample
  std::vector<double> values;
  for (std::int64_t sample = 0; sample < data.size(); ++sample) {
    detail::read_sample(data, column, sample, values);
    for (const double value : values) {
      const auto number = static_cast<std::int64_t>(value);
      if (number != layer.options.oov_token && number != layer.options.mask_token) seen.emplace_back(number, sample);
    }
  }
  std::sort(seen.begin(), seen.end());
  std::vector<detail::TokenCount<std::int64_t>> counts;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const bool new_number = counts.empty() || counts.back().token != seen[i].first;
    if (new_number) counts.push_back({seen[i].first, 0, 0});
    ++counts.back().times;
    counts.back().samples += new_number || seen[i].second != seen[i - 1].second;
  }
  IntegerLookup adapted = layer;
  adapted.options.vocabulary.clear();
  detail::keep_most_frequent(counts, layer.options.max_tokens, adapted.plan().first());
  std::vector<std::int64_t> vocabulary;
  std::vector<double> idf_weights;
  for (const auto& count : counts) {
    vocabulary.push_back(count.token);
    if (layer.options.output_mode != "tf_idf") continue;
    idf_weights.push_back(detail::inverse_document_frequency(data.size(), count.samples));
  }
  layer.set_vocabulary(std::move(vocabulary), std::move(idf_weights));
}

}  // namespace nacre
