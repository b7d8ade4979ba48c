// Arrays of NumPy, read and mapped.

#include <cstddef>
#include <cstdint>

#include <nacre/datasets/npy.hpp>

#include "fuzz/fuzzing.hpp"

using namespace nacre;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static testing::FuzzFile file("array");
  const auto& path = file.write(data, size);
  for (const bool mapped : {false, true}) {
    testing::expect_errors_only([&] {
      const Column found = datasets::npy(path, {.mapped = mapped, .max_bytes = std::int64_t{1} << 24});
      static_cast<void>(found.value(found.count() - 1, found.sample_size() - 1));
    });
  }
  return 0;
}
