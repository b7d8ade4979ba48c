// Pairs of IDX files, plain and gzipped. The input's first two bytes say how long the file of labels is.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <nacre/datasets/idx.hpp>

#include "fuzz/fuzzing.hpp"

using namespace nacre;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  static testing::FuzzFile images("images");
  static testing::FuzzFile labels("labels");
  const std::size_t cut = std::min<std::size_t>(std::size_t{data[0]} << 8 | data[1], size - 2);
  testing::expect_errors_only([&] {
    const Dataset found = datasets::idx(images.write(data + 2 + cut, size - 2 - cut), labels.write(data + 2, cut),
                                        {.one_hot = true, .max_bytes = std::int64_t{1} << 24});
    if (found.size() > 0) static_cast<void>(found.label(found.size() - 1));
  });
  return 0;
}
