// Kernels over extents of zero: nothing is written but what there is, and nothing crashes.

#include <cstdint>
#include <limits>
#include <vector>

#include <nacre/kernels/convolution.hpp>
#include <nacre/kernels/dense.hpp>
#include <nacre/kernels/normalization.hpp>
#include <nacre/kernels/pooling.hpp>
#include <nacre/kernels/softmax.hpp>

#include "kernel_testing.hpp"

namespace {

using namespace nacre;
using namespace nacre::kernels;
using namespace nacre::testing;

TEST_CASE("kernels take extents of zero", "[kernels]") {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  float* const none = nullptr;
  const float* const nothing = nullptr;
  std::vector<float> three(3, 5.0f);

  kernels::softmax(2, 0, nothing, none);
  softmax_gradient(2, 0, nothing, nothing, none);
  softmax_crossentropy(3, 0, nothing, nothing, three.data(), none);
  kernels::softmax(0, 3, nothing, none);

  global_average_pool_forward({0, 1}, 0, 3, nothing, three.data());
  global_average_pool_backward({0, 1}, 0, 3, three.data(), none);
  global_max_pool_forward({0, 1}, 0, 3, nothing, three.data());
  CHECK(three[0] == -std::numeric_limits<float>::infinity());  // the maximum of no numbers
  global_max_pool_forward({0, 1}, 4, 0, nothing, none);
  global_average_pool_forward({0, 1}, 4, 0, nothing, none);

  batch_norm_statistics(0, 3, 1, {0, 3}, nothing, three.data(), three.data());
  batch_norm_statistics(4, 0, 1, {0, 0}, nothing, none, none);
  batch_norm_forward(0, 0, 0, {0, 0}, nothing, nothing, nothing, nothing, nothing, none);
  batch_norm_backward(4, 0, 1, {0, 0}, nothing, nothing, nothing, nothing, nothing, none, none, none);

  for (const DenseShape& shape : {DenseShape{0, 3, 2}, DenseShape{3, 2, 0}}) {
    for (std::int64_t task = 0; task < dense_forward_tasks(shape); ++task) {
      dense_forward(shape, task, nothing, nothing, nothing, linear, none);
    }
  }

  Conv2DShape shape;
  shape.filters = 0;
  shape.out_height = shape.out_width = shape.height = shape.width = 4;
  std::vector<float> image(16, 1.0f), scratch(static_cast<std::size_t>(conv2d_max_pool_scratch(shape)));
  conv2d_forward(shape, {0, 1}, image.data(), nothing, nothing, nothing, linear, none, scratch.data());
  conv2d_max_pool_backward(shape, {0, 1}, image.data(), nothing, static_cast<const std::uint8_t*>(nullptr), nothing,
                           nothing, none, three.data(), none, scratch.data());
  SUCCEED("nothing crashed");
}

}  // namespace
