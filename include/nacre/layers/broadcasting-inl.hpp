#pragma once
// Bodies of layers/broadcasting.hpp.

#include <algorithm>

#include <nacre/layers/broadcasting.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

NACRE_SETUP Shape broadcast_shape(const Shapes& shapes) {
  std::size_t rank = 0;
  for (const Shape& shape : shapes) rank = std::max(rank, shape.rank());
  Shape result;
  for (std::size_t axis = 0; axis < rank; ++axis) {
    std::int64_t extent = 1;
    const Shape* from = nullptr;
    for (const Shape& shape : shapes) {
      const std::size_t missing = rank - shape.rank();
      const std::int64_t own = axis < missing ? 1 : shape[axis - missing];
      if (own == 1 || own == extent) continue;
      require<ShapeError>(extent == 1, "expected inputs of shapes that broadcast to one, got ",
                          from ? from->to_string_with_batch() : "", " and ", shape.to_string_with_batch(), " with ",
                          extent, " and ", own, " in one place; an axis of extent 1 is repeated");
      extent = own;
      from = &shape;
    }
    result.push_back(extent);
  }
  return result;
}

}  // namespace nacre::detail
