#pragma once
// Samples for networks that no data set at hand fits: numbers of the right type and shape, and ten classes.

#include <cstdint>
#include <utility>
#include <vector>

#include <nacre/core/random.hpp>
#include <nacre/data/dataset.hpp>

namespace bench {

/// So many samples of whole numbers below `end`, of that shape, and a class each.
template <class Stored>
nacre::Dataset drawn_samples(std::int64_t count, const nacre::Shape& shape, std::uint32_t end) {
  const nacre::RandomStream random;
  std::vector<Stored> numbers(static_cast<std::size_t>(count * shape.size()));
  std::uint64_t element = 0;
  for (Stored& number : numbers) number = static_cast<Stored>(random.bits(element++) % end);
  std::vector<std::int32_t> classes(static_cast<std::size_t>(count));
  for (std::int32_t& label : classes) label = static_cast<std::int32_t>(random.bits(element++) % 10);
  return {nacre::Column(std::move(numbers), count, shape), nacre::Column(std::move(classes), count, {})};
}

/// Bytes that are read as numbers from 0 to 1.
inline nacre::Dataset drawn_bytes(std::int64_t count, const nacre::Shape& shape) {
  const nacre::Dataset data = drawn_samples<std::uint8_t>(count, shape, 256);
  return {data.features_column().with_scale(1.0 / 255), data.targets_column()};
}

}  // namespace bench
