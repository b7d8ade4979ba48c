// The preparation of pictures of digits. The input is a picture: channels, height, width, and pixels, repeated where
// there are too few.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "fuzz/fuzzing.hpp"
#include "fuzz/pictures.hpp"

using namespace nacre;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  Image picture(data[1] % 96, data[2] % 96, 1 + data[0] % 4);
  for (std::size_t i = 0; i < picture.pixels.size(); ++i) picture.pixels[i] = data[3 + i % (size - 3)];
  testing::expect_errors_only([&] {
    const Image digit = datasets::prepare_digit(picture);
    if (digit.height != 28 || digit.width != 28 || digit.pixels.size() != 784) std::abort();
  });
  return 0;
}
