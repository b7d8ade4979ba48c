#include "kernel_testing.hpp"

#include <nacre/kernels/gather.hpp>

using namespace nacre::testing;
namespace kernels = nacre::kernels;

namespace {

template <class Source, class T>
void check_gather(const std::vector<Source>& all) {
  for (std::int64_t count : awkward_counts) {
    const std::vector<Source> source(all.begin(), all.begin() + count);
    std::vector<T> out(source.size());
    kernels::gather(source.data(), count, T(1) / T(255), T(0.25), out.data());
    std::vector<double> expected;
    for (Source value : source) {
      expected.push_back(static_cast<double>(static_cast<T>(value)) * static_cast<double>(T(1) / T(255)) + 0.25);
    }
    CAPTURE(count);
    CHECK(worst_error(out, expected) < few_ulp<T>);

    std::vector<T> in_pieces(source.size());
    for (std::int64_t first = 0; first < count; first += 5) {
      kernels::gather(source.data() + first, std::min<std::int64_t>(5, count - first), T(1) / T(255), T(0.25),
                      in_pieces.data() + first);
    }
    CHECK(first_difference(in_pieces, out) == -1);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("gather scales and shifts what is stored", "[kernels][gather]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  std::vector<std::uint8_t> bytes;
  std::vector<std::int32_t> integers;
  for (int i = 0; i < 300; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(i * 37));
    integers.push_back(i * 6543217 - 1000000000);
  }
  check_gather<std::uint8_t, TestType>(bytes);
  check_gather<std::int32_t, TestType>(integers);
  check_gather<float, TestType>(uniform_values<float>(300, -5, 5, 1));
  check_gather<double, TestType>(uniform_values<double>(300, -5, 5, 1));
}

TEMPLATE_TEST_CASE("gather with scale 1 and offset 0 copies", "[kernels][gather]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  std::vector<std::uint8_t> bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<std::uint8_t>(i));
  std::vector<TestType> out(bytes.size());
  kernels::gather(bytes.data(), 256, TestType(1), TestType(0), out.data());
  for (std::size_t i = 0; i < out.size(); ++i) CHECK(out[i] == static_cast<TestType>(i));
}

TEST_CASE("prefetch changes nothing", "[kernels][gather]") {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  const std::vector<float> x(1000, 1.0f);
  kernels::prefetch(x.data(), 4000);
  kernels::prefetch(nullptr, 0);
  CHECK(x[999] == 1.0f);
}
