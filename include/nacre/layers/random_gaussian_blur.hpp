#pragma once
// RandomGaussianBlur: pictures blurred at random.

#include <string>
#include <string_view>
#include <utility>

#include <nacre/layers/random_image.hpp>
#include <nacre/layers/spatial.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of RandomGaussianBlur.
struct RandomGaussianBlurOptions {
  RandomFactor factor = 1;   ///< probability
  Size2D kernel_size = 3;    ///< odd
  RandomFactor sigma = 1;    ///< standard deviation, in pixels, up to 1
  ValueRange value_range{};  ///< of pictures
  std::string name{};
  void fields(Fields& list) {
    list("factor", factor);
    list("kernel_size", kernel_size);
    list("sigma", sigma);
    list("value_range", value_range);
    list("name", name);
  }
};

/// In training each picture is blurred with a probability drawn from `factor` (a number stands for 0 up to it), by a
/// Gaussian kernel of `kernel_size` pixels with standard deviations drawn from `sigma` (a number stands for 0 up to it,
/// too), one for rows and one for columns; zeros lie around the picture. Values are kept within the range. Else it
/// passes through. Input and output (batch, height, width, channels). Each picture draws deviations of its own. What is
/// drawn follows the model's seed.
struct RandomGaussianBlur : detail::RandomImageLayer<RandomGaussianBlur> {
  static constexpr std::string_view type_name = "RandomGaussianBlur";

  /// Throws ValueError for options outside their range.
  RandomGaussianBlur(RandomGaussianBlurOptions options = {});

  RandomGaussianBlurOptions options;
  void fields(Fields& list) { options.fields(list); }
  void validate() const {
    detail::require_factor(type_name, "factor", options.factor, 0, 1);
    detail::require_factor(type_name, "sigma", options.sigma, 0, 1);
    detail::require_value_range(type_name, options.value_range);
    options.kernel_size.validate(type_name, "kernel_size");
    require<ValueError>(options.kernel_size.height % 2 == 1 && options.kernel_size.width % 2 == 1,
                        "RandomGaussianBlur: expected an odd kernel_size, got ", options.kernel_size);
  }

  kernels::ImageChange draw(const detail::ImageDraw& draw) const {
    kernels::ImageChange change;
    change.clips = true;
    change.low = options.value_range.low;
    change.high = options.value_range.high;
    if (!draw.happens(options.factor, 0)) return change;
    change.kind = kernels::ImageChange::Kind::blur;
    change.kernel_height = options.kernel_size.height;
    change.kernel_width = options.kernel_size.width;
    change.sigma_y = draw.in(options.sigma, 0, 2) + 1e-6;
    change.sigma_x = draw.in(options.sigma, 0, 3) + 1e-6;
    return change;
  }
};

inline RandomGaussianBlur::RandomGaussianBlur(RandomGaussianBlurOptions chosen) : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
