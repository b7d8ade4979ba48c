#pragma once
// RandomInvert: pictures inverted at random.

#include <string>
#include <string_view>
#include <utility>

#include <nacre/layers/random_image.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of RandomInvert.
struct RandomInvertOptions {
  RandomFactor factor = 1;   ///< probability
  ValueRange value_range{};  ///< of pictures
  std::string name{};
  void fields(Fields& list) {
    list("factor", factor);
    list("value_range", value_range);
    list("name", name);
  }
};

/// In training each picture is inverted with a probability drawn from `factor` (a number stands for 0 up to it): x
/// becomes low + high - x. Values are kept within the range. Else it passes through. Input and output (batch, height,
/// width, channels). What is drawn follows the model's seed.
struct RandomInvert : detail::RandomImageLayer<RandomInvert> {
  static constexpr std::string_view type_name = "RandomInvert";

  /// Throws ValueError for options outside their range.
  RandomInvert(RandomInvertOptions options = {});

  RandomInvertOptions options;
  void fields(Fields& list) { options.fields(list); }
  void validate() const {
    detail::require_factor(type_name, "factor", options.factor, 0, 1);
    detail::require_value_range(type_name, options.value_range);
  }

  kernels::ImageChange draw(const detail::ImageDraw& draw) const {
    kernels::ImageChange change;
    change.clips = true;
    change.low = options.value_range.low;
    change.high = options.value_range.high;
    if (!draw.happens(options.factor, 0)) return change;
    change.kind = kernels::ImageChange::Kind::shift;
    change.scale = -1;
    change.offset = options.value_range.low + options.value_range.high;
    return change;
  }
};

inline RandomInvert::RandomInvert(RandomInvertOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
