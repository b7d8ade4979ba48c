// Archives of arrays.

#include <cstddef>
#include <cstdint>

#include <nacre/datasets/npz.hpp>

#include "fuzz/fuzzing.hpp"

using namespace nacre;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static testing::FuzzFile file("arrays");
  testing::expect_errors_only([&] {
    const datasets::Npz arrays(file.write(data, size), {.max_bytes = std::int64_t{1} << 22});
    std::size_t read = 0;
    for (const std::string& name : arrays.names()) {
      if (++read > 8) break;
      testing::expect_errors_only([&] {
        const Column found = arrays[name];
        static_cast<void>(found.value(found.count() - 1, found.sample_size() - 1));
      });
    }
  });
  return 0;
}
