#include <nacre/core/buffer.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "catch.hpp"

using namespace nacre;

TEMPLATE_TEST_CASE("a buffer is zero and aligned", "", float, double, std::uint8_t) {
  const std::size_t size = GENERATE(std::size_t{1}, std::size_t{3}, std::size_t{16}, std::size_t{1000});
  const Buffer<TestType> buffer(size);
  CHECK(buffer.size() == size);
  CHECK_FALSE(buffer.empty());
  CHECK(reinterpret_cast<std::uintptr_t>(buffer.data()) % alignment == 0);
  CHECK(std::all_of(buffer.begin(), buffer.end(), [](TestType value) { return value == TestType{}; }));
  CHECK(buffer.end() - buffer.begin() == static_cast<std::ptrdiff_t>(size));
}

TEST_CASE("an empty buffer holds nothing and may be copied") {
  const Buffer<float> buffer;
  CHECK(buffer.empty());
  CHECK(Buffer<float>(0).empty());
  const Buffer<float> copy(buffer);
  CHECK(copy.empty());
  CHECK(copy.begin() == copy.end());
}

TEST_CASE("a buffer is copied by value") {
  Buffer<float> first(5);
  first[2] = 7;
  Buffer<float> second = first;
  CHECK(second.data() != first.data());
  CHECK(second[2] == 7);
  second[2] = 8;
  CHECK(first[2] == 7);

  Buffer<float> third(100);
  third = first;
  CHECK(third.size() == 5);
  CHECK(third[2] == 7);

  auto& same = third;
  third = same;
  CHECK(third[2] == 7);
}

TEST_CASE("a moved buffer keeps its memory and leaves an empty one") {
  Buffer<float> first(5);
  first[0] = 3;
  const float* memory = first.data();
  Buffer<float> second = std::move(first);
  CHECK(second.data() == memory);
  CHECK(second[0] == 3);
  CHECK(first.empty());  // NOLINT: that a moved-from buffer is empty is promised
  CHECK(first.data() == nullptr);

  Buffer<float> third(2);
  third = std::move(second);
  CHECK(third.data() == memory);
}

TEST_CASE("aligned_count rounds up to whole cache lines") {
  CHECK(aligned_count<float>(0) == 0);
  CHECK(aligned_count<float>(1) == 16);
  CHECK(aligned_count<float>(16) == 16);
  CHECK(aligned_count<float>(17) == 32);
  CHECK(aligned_count<double>(9) == 16);
  CHECK(aligned_count<std::uint8_t>(65) == 128);
}
