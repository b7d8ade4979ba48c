#pragma once
// The masks of layers that merge several inputs element by element: a step counts where it does in any input.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <nacre/layers/broadcasting.hpp>
#include <nacre/layers/layer_builder.hpp>
#include <nacre/layers/layer_step.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// In build: the output has a mask where all inputs have one.
[[gnu::cold]] inline void request_any_mask(const Shapes& inputs, const Shape& output, LayerBuilder& builder) {
  std::size_t axes = 0;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const Shape* mask = builder.input_mask(k);
    if (mask == nullptr) return;
    axes = std::max(axes, mask->rank() + output.rank() - inputs[k].rank());
  }
  for (std::size_t k = 0; k < inputs.size(); ++k) builder.read_mask(k);
  builder.make_mask(Shape(output.begin(), output.begin() + axes));
}

/// Which element of an operand stands for that element of the output, both with the batch.
inline std::int64_t broadcast_element(const Shape& operand, const Shape& output, std::int64_t element) {
  const std::size_t missing = output.rank() - operand.rank();
  std::int64_t found = 0;
  std::int64_t stride = 1;
  for (std::size_t axis = output.rank(); axis-- > 0;) {
    const std::int64_t place = element % output[axis];
    element /= output[axis];
    if (axis > 0 && axis <= missing) continue;
    const std::int64_t extent = operand[axis == 0 ? 0 : axis - missing];
    if (extent > 1) found += place * stride;
    stride *= extent;
  }
  return found;
}

/// In forward: writes it.
template <class T>
void write_any_mask(const Forward<T>& step) {
  const MadeMask mask = step.output_mask();
  if (!mask) return;
  const Shape& output = step.output.extents();
  each_piece(step, output.size() / mask.inner, [&](std::int64_t first, std::int64_t count) {
    for (std::int64_t place = first; place < first + count; ++place) {
      bool any = false;
      for (std::size_t k = 0; k < step.inputs.size() && !any; ++k) {
        any = step.mask(k).counts(broadcast_element(step.inputs[k].extents(), output, place * mask.inner));
      }
      mask.values[place] = any;
    }
  });
}

}  // namespace nacre::detail
