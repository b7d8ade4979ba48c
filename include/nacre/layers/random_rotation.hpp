#pragma once
// RandomRotation: pictures turned at random.

#include <string>
#include <string_view>
#include <utility>

#include <cmath>
#include <numbers>

#include <nacre/layers/random_image.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of RandomRotation.
struct RandomRotationOptions {
  std::string fill_mode = "reflect";       ///< "reflect", "wrap", "constant" or "nearest"
  std::string interpolation = "bilinear";  ///< or "nearest"
  double fill_value = 0;                   ///< around the picture, with "constant"
  std::string name{};
  void fields(Fields& list) {
    list("fill_mode", fill_mode);
    list("interpolation", interpolation);
    list("fill_value", fill_value);
    list("name", name);
  }
};

/// In training each picture is turned about its middle by an angle drawn from `factor`, in full turns: 0.1 stands for
/// -36 to 36 degrees, {-0.2, 0.3} for -72 to 108; positive angles turn counter clockwise. Else it passes through. Input
/// and output (batch, height, width, channels). What is drawn follows the model's seed.
struct RandomRotation : detail::RandomImageLayer<RandomRotation> {
  static constexpr std::string_view type_name = "RandomRotation";

  /// Throws ValueError for options outside their range.
  explicit RandomRotation(RandomFactor factor, RandomRotationOptions options = {});

  RandomFactor factor;
  RandomRotationOptions options;
  void fields(Fields& list) {
    list("factor", factor);
    options.fields(list);
  }
  void validate() const {
    detail::require_factor(type_name, "factor", factor, -1, 1);
    static_cast<void>(sampling());
  }

  kernels::ImageChange draw(const detail::ImageDraw& draw) const {
    kernels::ImageChange change = sampling();
    const double angle = 2 * std::numbers::pi * draw.in(factor, -1, 0);
    const double cosine = std::cos(angle);
    const double sine = std::sin(angle);
    const auto right = static_cast<double>(draw.size.width - 1);
    const auto bottom = static_cast<double>(draw.size.height - 1);
    change.matrix = {cosine, -sine,  (right - (cosine * right - sine * bottom)) / 2,
                     sine,   cosine, (bottom - (sine * right + cosine * bottom)) / 2,
                     0,      0};
    return change;
  }

 private:
  friend struct ConfigAccess;
  RandomRotation() = default;

  kernels::ImageChange sampling() const {
    return detail::sampling(type_name, options.fill_mode, options.interpolation, options.fill_value);
  }
};

inline RandomRotation::RandomRotation(RandomFactor chosen_factor, RandomRotationOptions chosen)
    : factor(chosen_factor), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
