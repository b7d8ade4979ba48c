#pragma once
// Windows of a series as samples: Keras' timeseries_dataset_from_array.

#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

#include <nacre/core/compiled.hpp>
#include <nacre/data/dataset.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// How `timeseries` cuts windows.
struct TimeseriesOptions {
  std::int64_t sequence_stride = 1;           ///< steps from the beginning of a window to that of the next
  std::int64_t sampling_rate = 1;             ///< steps from an element of a window to the next: each n-th is in it
  std::optional<std::int64_t> start_index{};  ///< steps before it are not used
  std::optional<std::int64_t> end_index{};    ///< nor is this one, or any behind it
};

/// Windows of `sequence_length` steps of a series (steps, ...) as samples (sequence_length, ...), in order. They share
/// the series in memory, whose numbers are there once (copied only for a sampling rate above 1, as often as they are
/// there).
///
///     const std::vector<float> measured = ...;  // one number an hour
///     // Windows of a day, each with the number that follows it: that of the step 24 behind the window's first.
///     const Dataset days = timeseries(measured, std::span(measured).subspan(24), 24);
///
/// With targets (steps, ...) the target of a window is that of the step at which it begins, counted from
/// `start_index`, so that targets that lie ahead are given from there on; there are no more windows than targets.
/// `data` and `targets` are anything that `to_column` takes. Throws ValueError for options below 1 or outside the
/// series, and where not one window fits.
Dataset timeseries(const Column& data, std::int64_t sequence_length, const TimeseriesOptions& options = {});
Dataset timeseries(const Column& data, const Column& targets, std::int64_t sequence_length,
                   const TimeseriesOptions& options = {});

template <class X>
requires(!std::is_same_v<std::remove_cvref_t<X>, Column>) Dataset
    timeseries(X&& data, std::int64_t sequence_length, const TimeseriesOptions& options = {}) {
  return timeseries(to_column(std::forward<X>(data)), sequence_length, options);
}
template <class X, class Y>
requires(ColumnSource<Y> &&
         !(std::is_same_v<std::remove_cvref_t<X>, Column> && std::is_same_v<std::remove_cvref_t<Y>, Column>)) Dataset
    timeseries(X&& data, Y&& targets, std::int64_t sequence_length, const TimeseriesOptions& options = {}) {
  return timeseries(to_column(std::forward<X>(data)), to_column(std::forward<Y>(targets)), sequence_length, options);
}

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/data/timeseries-inl.hpp>
#endif
