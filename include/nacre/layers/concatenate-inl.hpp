#pragma once
// Bodies of layers/concatenate.hpp.

#include <nacre/layers/concatenate.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP Shape Concatenate::build(const Shapes& inputs, LayerBuilder& builder) const {
  require<ShapeError>(inputs.size() >= 2, "expected two inputs or more, got ", inputs.size());
  const std::size_t axis = detail::sample_axis("concatenated", inputs[0], options.axis);
  std::int64_t total = 0;
  for (const Shape& input : inputs) {
    bool alike = input.rank() == inputs[0].rank();
    for (std::size_t other = 0; alike && other < input.rank(); ++other) {
      alike = other == axis || input[other] == inputs[0][other];
    }
    require<ShapeError>(alike, "expected inputs whose shapes differ along axis ", options.axis, " only, got ",
                        inputs[0].to_string_with_batch(), " and ", input.to_string_with_batch());
    total += input[axis];
  }
  builder.backward_reads({.inputs = false, .output = false});
  Shape output;
  for (std::size_t other = 0; other < inputs[0].rank(); ++other) {
    output.push_back(other == axis ? total : inputs[0][other]);
  }
  bool any_mask = false;
  for (std::size_t k = 0; k < inputs.size(); ++k) any_mask |= builder.read_mask(k);
  if (any_mask) builder.make_mask(Shape(output.begin(), output.end() - 1));
  return output;
}

}  // namespace nacre
