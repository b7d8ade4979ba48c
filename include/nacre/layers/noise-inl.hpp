#pragma once
// Bodies of layers/noise.hpp.

#include <nacre/layers/noise.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

NACRE_INLINE NoiseShape noise_shape(const List<std::int64_t>& given, const Shape& input) {
  if (given.empty()) return {input, false};
  NoiseShape noise;
  for (std::size_t axis = 0; axis < input.rank(); ++axis) {
    noise.sample.push_back(given[axis + 1] == 1 ? 1 : input[axis]);
  }
  noise.is_shared = given[0] == 1;
  return noise;
}

NACRE_SETUP void require_noise_shape(const List<std::int64_t>& given, const Shape& input) {
  if (given.empty()) return;
  require<ShapeError>(given.size() == input.rank() + 1, "expected a noise_shape of ", input.rank() + 1,
                      " axes, the batch counted, got ", to_config_value(given));
  require<ShapeError>(given[0] == 1 || given[0] == -1,
                      "expected a noise_shape that begins with -1, for numbers of each sample, or 1, got ", given[0]);
  for (std::size_t axis = 0; axis < input.rank(); ++axis) {
    const std::int64_t extent = given[axis + 1];
    require<ShapeError>(extent == 1 || extent == -1 || extent == input[axis], "expected a noise_shape of 1, -1 or ",
                        input[axis], " for axis ", axis + 1, ", got ", extent);
  }
}

NACRE_SETUP void require_rate(std::string_view layer, double rate, bool below_one) {
  require<ValueError>(rate >= 0 && (below_one ? rate < 1 : rate <= 1), layer, ": expected a rate from 0 to ",
                      below_one ? "below 1" : "1", ", got ", rate);
}

NACRE_SETUP void build_noise(LayerBuilder& builder, bool changes_nothing) {
  if (!builder.training() || changes_nothing) builder.share_input();
  builder.backward_reads({.inputs = false, .output = false});
  builder.pass_mask();
}

}  // namespace nacre::detail
