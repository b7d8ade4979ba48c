#pragma once
// RandomPerspective: pictures seen from another side at random.

#include <string>
#include <string_view>
#include <utility>

#include <nacre/layers/random_image.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of RandomPerspective.
struct RandomPerspectiveOptions {
  RandomFactor factor = 1;                 ///< probability
  double scale = 0.3;                      ///< the largest share by which corners move
  std::string interpolation = "bilinear";  ///< or "nearest"
  double fill_value = 0;                   ///< around the picture, with "constant"
  std::string name{};
  void fields(Fields& list) {
    list("factor", factor);
    list("scale", scale);
    list("interpolation", interpolation);
    list("fill_value", fill_value);
    list("name", name);
  }
};

/// In training each picture is distorted with a probability drawn from `factor` (a number stands for 0 up to it): its
/// corners move by shares of up to `scale`. Else it passes through. Input and output (batch, height, width, channels).
/// The transform is Keras': x and y become x (1 + h) + y h and x v + y (1 + v). What is drawn follows the model's seed.
struct RandomPerspective : detail::RandomImageLayer<RandomPerspective> {
  static constexpr std::string_view type_name = "RandomPerspective";

  /// Throws ValueError for options outside their range.
  RandomPerspective(RandomPerspectiveOptions options = {});

  RandomPerspectiveOptions options;
  void fields(Fields& list) { options.fields(list); }
  void validate() const {
    detail::require_factor(type_name, "factor", options.factor, 0, 1);
    detail::require_factor(type_name, "scale", options.scale, 0, 1);
    static_cast<void>(sampling());
  }

  kernels::ImageChange draw(const detail::ImageDraw& draw) const {
    if (!draw.happens(options.factor, 0)) return {};
    kernels::ImageChange change = sampling();
    const double across = draw.in(options.scale, -1, 2);
    const double down = draw.in(options.scale, -1, 3);
    change.matrix = {1 + across, across, 0, down, 1 + down, 0, 0, 0};
    return change;
  }

 private:
  kernels::ImageChange sampling() const {
    return detail::sampling(type_name, "constant", options.interpolation, options.fill_value);
  }
};

inline RandomPerspective::RandomPerspective(RandomPerspectiveOptions chosen) : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
