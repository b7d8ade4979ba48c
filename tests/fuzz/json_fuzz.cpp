// JSON texts. What was read is written, and reads as the same again.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <nacre/saving/json.hpp>

#include "fuzz/fuzzing.hpp"

using namespace nacre;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  testing::expect_errors_only([&] {
    const std::string written = to_json_text(from_json_text(testing::text_of(data, size), "fuzz"));
    if (to_json_text(from_json_text(written, "written")) != written) std::abort();
  });
  return 0;
}
