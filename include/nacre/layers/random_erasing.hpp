#pragma once
// RandomErasing: pictures with a box erased at random.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cmath>

#include <nacre/layers/random_image.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of RandomErasing.
struct RandomErasingOptions {
  RandomFactor factor = 1;           ///< probability
  RandomFactor scale{0.02, 0.33};    ///< shares, whose roots are the sides
  std::vector<double> fill_value{};  ///< one number or three; none: noise
  ValueRange value_range{};          ///< of pictures
  std::string name{};
  void fields(Fields& list) {
    list("factor", factor);
    list("scale", scale);
    list("fill_value", fill_value);
    list("value_range", value_range);
    list("name", name);
  }
};

/// In training a box of each picture is erased with a probability drawn from `factor` (a number stands for 0 up to it):
/// its sides are square roots of shares drawn from `scale`. It gets `fill_value`, a number or one for each of three
/// channels, or without it normal random numbers times the largest value, kept within the range. Else the picture
/// passes through. Input and output (batch, height, width, channels). Zhong et al., "Random erasing data augmentation",
/// AAAI 2020, as Keras has it. What is drawn follows the model's seed.
struct RandomErasing : detail::RandomImageLayer<RandomErasing> {
  static constexpr std::string_view type_name = "RandomErasing";

  /// Throws ValueError for options outside their range.
  RandomErasing(RandomErasingOptions options = {});

  RandomErasingOptions options;
  void fields(Fields& list) { options.fields(list); }
  void validate() const {
    detail::require_factor(type_name, "factor", options.factor, 0, 1);
    detail::require_factor(type_name, "scale", options.scale, 0, 1);
    detail::require_value_range(type_name, options.value_range);
    const std::size_t values = options.fill_value.size();
    require<ValueError>(values == 0 || values == 1 || values == 3,
                        "RandomErasing: expected a fill_value of one number or three, got ", values);
  }

  kernels::ImageChange draw(const detail::ImageDraw& draw) const {
    kernels::ImageChange change;
    if (!draw.happens(options.factor, 0)) return change;
    change.kind = kernels::ImageChange::Kind::erase;
    const double width = std::sqrt(draw.in(options.scale, 0, 2)) * static_cast<double>(draw.size.width);
    const double height = std::sqrt(draw.in(options.scale, 0, 3)) * static_cast<double>(draw.size.height);
    change.left = draw.uniform(4) * (static_cast<double>(draw.size.width) - width);
    change.right = change.left + width;
    change.top = draw.uniform(5) * (static_cast<double>(draw.size.height) - height);
    change.bottom = change.top + height;
    change.low = options.value_range.low;
    change.high = options.value_range.high;
    change.noise = options.fill_value.empty();
    for (std::size_t c = 0; c < 3 && !change.noise; ++c) {
      change.fill_values[c] = options.fill_value[options.fill_value.size() == 1 ? 0 : c];
    }
    change.random = draw.random;
    change.element = draw.pixels();
    return change;
  }
};

inline RandomErasing::RandomErasing(RandomErasingOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
