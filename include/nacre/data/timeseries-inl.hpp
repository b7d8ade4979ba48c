#pragma once
// The bodies of timeseries.hpp.

#include <algorithm>
#include <cstdint>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/data/timeseries.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

/// @param targets nullptr for windows alone.
NACRE_SETUP Dataset cut_windows(const Column& data, const Column* targets, std::int64_t length,
                                const TimeseriesOptions& options) {
  const std::int64_t steps = data.count();
  const std::int64_t begin = options.start_index.value_or(0);
  const std::int64_t end = options.end_index.value_or(steps);
  const auto expect = [](bool good, const char* what, std::int64_t found) {
    require<ValueError>(good, "timeseries: expected ", what, ", got ", found);
  };
  expect(length >= 1 && length <= steps, "sequence_length from 1 to the steps of the series", length);
  expect(options.sequence_stride >= 1, "sequence_stride of 1 or more", options.sequence_stride);
  expect(options.sampling_rate >= 1 && options.sampling_rate <= steps,
         "sampling_rate from 1 to the steps of the series", options.sampling_rate);
  expect(begin >= 0 && begin < steps, "start_index within the series", begin);
  expect(end > begin && end <= steps, "end_index behind start_index and within the series", end);
  require<ValueError>(data.classes() == 0, "timeseries: expected a series of numbers, got one-hot rows");
  const std::int64_t rate = options.sampling_rate;
  const std::int64_t used = end - begin;
  const std::int64_t reach = length - 1 <= used / rate ? (length - 1) * rate : used;
  std::int64_t windows = used - reach;
  if (targets != nullptr) windows = std::min(windows, std::min(targets->count() - begin, used));
  require<ValueError>(windows >= 1, "timeseries: expected at least one window of ", length, " elements, ", rate,
                      " steps apart, in ", used, " steps", targets != nullptr ? " with a target" : "", ", got none");
  // Where each `rate`-th step is in a window, steps are put in the order 0, rate, 2 rate, ..., 1, 1 + rate, ...: then
  // the elements of each window lie one after another.
  List<std::int64_t> order;
  List<std::int64_t> place_of_phase;
  for (std::int64_t phase = 0; rate > 1 && phase < std::min(rate, used); ++phase) {
    place_of_phase.push_back(static_cast<std::int64_t>(order.size()));
    for (std::int64_t step = phase; step < used; step += rate) order.push_back(begin + step);
  }
  const Column series = rate > 1 ? Column::gathered(List<const Column*>(order.size(), &data), order) : data;
  const std::int64_t first = rate > 1 ? 0 : begin;
  const Column all = series.windows(first, length, 1, used - length + 1);
  List<std::int64_t> at;                                                       // of the windows among all
  List<std::int64_t> target_of(static_cast<std::size_t>(all.count()), begin);  // those that are no windows have any
  for (std::int64_t start = 0; start < windows; start += options.sequence_stride) {
    at.push_back(rate > 1 ? place_of_phase[static_cast<std::size_t>(start % rate)] + start / rate : start);
    target_of[static_cast<std::size_t>(at.back())] = begin + start;
  }
  if (targets == nullptr) return Dataset(all).select(at);
  return Dataset(all, Column::gathered(List<const Column*>(target_of.size(), targets), target_of)).select(at);
}

}  // namespace detail

NACRE_SETUP Dataset timeseries(const Column& data, std::int64_t length, const TimeseriesOptions& options) {
  return detail::cut_windows(data, nullptr, length, options);
}
NACRE_SETUP Dataset timeseries(const Column& data, const Column& targets, std::int64_t length,
                               const TimeseriesOptions& options) {
  return detail::cut_windows(data, &targets, length, options);
}

}  // namespace nacre
