#pragma once
// RandomElasticTransform: pictures bent at random.

#include <string>
#include <string_view>
#include <utility>

#include <algorithm>
#include <cstdint>

#include <nacre/layers/random_image.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of RandomElasticTransform.
struct RandomElasticTransformOptions {
  RandomFactor factor = 1;                 ///< probability
  RandomFactor scale = 1;                  ///< how far pixels are displaced
  std::string interpolation = "bilinear";  ///< or "nearest"
  std::string fill_mode = "reflect";       ///< "reflect", "wrap", "constant" or "nearest"
  double fill_value = 0;                   ///< around the picture, with "constant"
  ValueRange value_range{};                ///< of pictures
  std::string name{};
  void fields(Fields& list) {
    list("factor", factor);
    list("scale", scale);
    list("interpolation", interpolation);
    list("fill_mode", fill_mode);
    list("fill_value", fill_value);
    list("value_range", value_range);
    list("name", name);
  }
};

/// In training each picture is bent with a probability drawn from `factor` (a number stands for 0 up to it): its pixels
/// are taken from places that are displaced by normal random numbers, blurred by a Gaussian kernel. The displacements'
/// size and the kernel's width follow a share s drawn from `scale`, 0.1 s of the larger extent and 0.05 s of the
/// smaller one. Values are kept within the range. Else it passes through. Input and output (batch, height, width,
/// channels). Simard et al., "Best practices for convolutional neural networks applied to visual document analysis",
/// ICDAR 2003, as Keras has it; each picture draws a share of its own. What is drawn follows the model's seed.
struct RandomElasticTransform : detail::RandomImageLayer<RandomElasticTransform> {
  static constexpr std::string_view type_name = "RandomElasticTransform";

  /// Throws ValueError for options outside their range.
  RandomElasticTransform(RandomElasticTransformOptions options = {});

  RandomElasticTransformOptions options;
  void fields(Fields& list) { options.fields(list); }
  void validate() const {
    detail::require_factor(type_name, "factor", options.factor, 0, 1);
    detail::require_factor(type_name, "scale", options.scale, 0, 1);
    detail::require_value_range(type_name, options.value_range);
    static_cast<void>(detail::sampling(type_name, options.fill_mode, options.interpolation, options.fill_value));
  }

  kernels::ImageChange draw(const detail::ImageDraw& draw) const {
    kernels::ImageChange change;
    if (draw.happens(options.factor, 0)) {
      change = detail::sampling(type_name, options.fill_mode, options.interpolation, options.fill_value);
      change.kind = kernels::ImageChange::Kind::displace;
      const double share = draw.in(options.scale, 0, 2);
      const auto [height, width, channels] = draw.size;
      change.alpha = 0.1 * share * static_cast<double>(std::max(height, width));
      change.sigma_x = change.sigma_y = std::max(0.05 * share * static_cast<double>(std::min(height, width)), 1e-6);
      change.kernel_height = change.kernel_width = static_cast<std::int64_t>(6 * change.sigma_x) | 1;
      change.random = draw.random;
      change.element = draw.pixels();
    }
    change.clips = true;
    change.low = options.value_range.low;
    change.high = options.value_range.high;
    return change;
  }
};

inline RandomElasticTransform::RandomElasticTransform(RandomElasticTransformOptions chosen)
    : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
