#pragma once
// Bodies of layers/pooling.hpp.

#include <nacre/layers/pooling.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

NACRE_INLINE kernels::PoolShape pool_shape(std::size_t axes, const Shape& input, const Size3D& pool,
                                           const Size3D& strides, Padding padding) {
  const auto axis = [padding](std::int64_t size, std::int64_t cells, std::int64_t stride) {
    const Window window(size, cells, stride, 1, padding);
    return kernels::PoolAxis{size, cells, stride, window.pad_before, window.positions};
  };
  const Volume volume = volume_of(axes, input);
  const kernels::PoolShape shape{volume.channels, axis(volume.size.depth, pool.depth, strides.depth),
                                 axis(volume.size.height, pool.height, strides.height),
                                 axis(volume.size.width, pool.width, strides.width)};
  const bool fits = shape.depth.positions > 0 && shape.height.positions > 0 && shape.width.positions > 0;
  if (!fits) fail_positions(axes, input, pool);
  return shape;
}

}  // namespace nacre::detail
