#pragma once
// Bodies of losses/loss.hpp.

#include <nacre/losses/loss.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

NACRE_SETUP void check_loss_shapes(const std::string& loss, bool takes_class_numbers, const Shape& output,
                                   const Shape& target) {
  const std::string hint = output.rank() > 1 ? target_shape_hint(output, target) : "";
  if (takes_class_numbers) {
    const Shape positions(output.begin(), output.end() - (output.empty() ? 0 : 1));
    Shape with_one = positions;
    with_one.push_back(1);
    require<ShapeError>(target == positions || target == with_one, loss, ": expected class numbers of shape ",
                        positions.to_string_with_batch(), " for outputs ", output.to_string_with_batch(),
                        ", got targets ", target.to_string_with_batch(),
                        target == output ? "; for one-hot targets use CategoricalCrossentropy" : hint);
    return;
  }
  const bool alike =
      target == output || (target.empty() && output == Shape{1}) || (output.empty() && target == Shape{1});
  require<ShapeError>(
      alike, loss, ": expected targets shaped as the output ", output.to_string_with_batch(), ", got ",
      target.to_string_with_batch(),
      target.empty() && output.rank() <= 1 ? "; for class numbers use SparseCategoricalCrossentropy" : hint);
}

NACRE_SETUP Shape target_of_rank(const Shape& output, const Shape& target) {
  Shape shape = target;
  if (target.rank() + 1 == output.rank() && output.back() == 1) shape.push_back(1);
  return shape;
}

NACRE_SETUP void check_loss_axis(const std::string& loss, std::int64_t axis, const Shape& output) {
  const auto rank = static_cast<std::int64_t>(output.rank()) + 1;
  const std::int64_t counted = axis < 0 ? axis + rank : axis;
  require<ShapeError>(axis == -1 || (counted >= 1 && counted < rank), loss, ": expected an axis from 1 to ", rank - 1,
                      " or counted from the end, of outputs ", output.to_string_with_batch(), ", got ", axis);
}

NACRE_SETUP Shape axis_last(const Shape& shape, std::int64_t axis) {
  const auto rank = static_cast<std::int64_t>(shape.rank());
  const std::int64_t place = axis < 0 ? axis + rank : axis - 1;
  if (place < 0 || place >= rank) return shape;
  Shape moved;
  for (std::int64_t i = 0; i < rank; ++i) {
    if (i != place) moved.push_back(shape[static_cast<std::size_t>(i)]);
  }
  moved.push_back(shape[static_cast<std::size_t>(place)]);
  return moved;
}

}  // namespace nacre::detail
