// timeseries: windows against Keras' formula, written down plainly.

#include <nacre/data/timeseries.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "catch.hpp"

using namespace nacre;

TEST_CASE("windows have the elements and targets that Keras' have") {
  std::vector<std::array<float, 2>> data;
  std::vector<float> targets;
  for (int i = 0; i < 29; ++i) {
    data.push_back({static_cast<float>(i), static_cast<float>(-i)});
    targets.push_back(static_cast<float>(100 + i));
  }
  for (const std::int64_t length : {1, 3, 5})
    for (const std::int64_t stride : {1, 2, 7})
      for (const std::int64_t rate : {1, 2, 5})
        for (const std::int64_t begin : {0, 4})
          for (const std::int64_t end : {29, 26})
            for (const std::size_t target_count : {29u, 11u}) {
              const std::vector<float> some(targets.begin(),
                                            targets.begin() + static_cast<std::ptrdiff_t>(target_count));
              const Dataset found = timeseries(
                  data, some, length,
                  {.sequence_stride = stride, .sampling_rate = rate, .start_index = begin, .end_index = end});
              const std::int64_t sequences =
                  std::min(end - begin - (length - 1) * rate, static_cast<std::int64_t>(target_count) - begin);
              std::int64_t sample = 0;
              for (std::int64_t start = 0; start < sequences; start += stride, ++sample) {
                REQUIRE(sample < found.size());
                const auto window = found.sample(sample);
                REQUIRE(found.feature_shape() == Shape{length, 2});
                for (std::int64_t i = 0; i < length; ++i) {
                  CHECK(window(static_cast<std::size_t>(i), 0) == static_cast<float>(begin + start + i * rate));
                  CHECK(window(static_cast<std::size_t>(i), 1) == -static_cast<float>(begin + start + i * rate));
                }
                CHECK(found.target(sample)() == static_cast<float>(100 + begin + start));
              }
              CHECK(sample == found.size());
            }
}

TEST_CASE("windows alone share the series, and are cut and shuffled as any samples are") {
  std::vector<double> series(100);
  for (std::size_t i = 0; i < series.size(); ++i) series[i] = static_cast<double>(i);
  const Column column = view_as_column(series);
  const Dataset windows = timeseries(column, 10);
  CHECK(windows.size() == 91);
  CHECK(windows.feature_shape() == Shape{10});
  series[50] = 7;  // nothing was copied
  CHECK(windows.sample(50)(0) == 7);
  CHECK(windows.shuffled(3).take(5).size() == 5);
  CHECK(Dataset::concatenate(windows, windows).sample(91 + 41)(9) == 7);
  CHECK(windows.with_scale(2).reshaped({10, 1}).sample(3)(2, 0) == 10);
}

TEST_CASE("timeseries refuses windows that are none") {
  const std::vector<float> series(10);
  CHECK_THROWS_WITH(timeseries(series, 11),
                    "timeseries: expected sequence_length from 1 to the steps of the series, got 11");
  CHECK_THROWS_WITH(timeseries(series, 4, {.sampling_rate = 4}),
                    "timeseries: expected at least one window of 4 elements, 4 steps apart, in 10 steps, got none");
  CHECK_THROWS_AS(timeseries(series, 2, {.sequence_stride = 0}), ValueError);
  CHECK_THROWS_AS(timeseries(series, 2, {.start_index = 10}), ValueError);
  CHECK_THROWS_AS(timeseries(series, 2, {.start_index = 3, .end_index = 3}), ValueError);
  CHECK_THROWS_AS(timeseries(series, std::vector<float>(3), 2, {.start_index = 3}), ValueError);
}
