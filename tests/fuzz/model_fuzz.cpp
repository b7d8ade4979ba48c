// load, and a prediction of what was loaded.

#include <cstddef>
#include <cstdint>

#include <nacre/saving/saving.hpp>

#include "fuzz/fuzzing.hpp"

using namespace nacre;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static testing::FuzzFile file("model");
  file.write(data, size);
  testing::expect_errors_only([&] {
    const auto model = load(file.write(data, size));
    // A small file may describe work for minutes; that is what its author asked for.
    if (!model.built() || model.input_shape().size() > 4096 || model.output_shape().size() > 4096) return;
    std::vector<std::size_t> shape{2};
    for (const std::int64_t extent : model.input_shape()) shape.push_back(static_cast<std::size_t>(extent));
    const xt::xarray<float> x = xt::ones<float>(shape);
    static_cast<void>(model.predict(x));
  });
  return 0;
}
