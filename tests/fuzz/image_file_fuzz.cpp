// Pictures: PNG, and JPEG with what EXIF says about it.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "fuzz/fuzzing.hpp"
#include "fuzz/pictures.hpp"

using namespace nacre;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static testing::FuzzFile file("picture");
  testing::expect_errors_only([&] {
    const Image image = datasets::read_image(file.write(data, size), {.max_pixels = 1 << 20});
    const auto pixels = static_cast<std::size_t>(image.height * image.width * image.channels);
    if (image.pixels.size() != pixels) std::abort();
  });
  return 0;
}
