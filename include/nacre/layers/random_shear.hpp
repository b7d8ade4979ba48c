#pragma once
// RandomShear: pictures sheared at random.

#include <string>
#include <string_view>
#include <utility>

#include <nacre/layers/random_image.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of RandomShear.
struct RandomShearOptions {
  RandomFactor x_factor = 0;               ///< of rows
  RandomFactor y_factor = 0;               ///< of columns
  std::string interpolation = "bilinear";  ///< or "nearest"
  std::string fill_mode = "reflect";       ///< "reflect", "wrap", "constant" or "nearest"
  double fill_value = 0;                   ///< around the picture, with "constant"
  std::string name{};
  void fields(Fields& list) {
    list("x_factor", x_factor);
    list("y_factor", y_factor);
    list("interpolation", interpolation);
    list("fill_mode", fill_mode);
    list("fill_value", fill_value);
    list("name", name);
  }
};

/// In training each picture is sheared along its rows and columns, by shares drawn from `x_factor` and `y_factor`: 0.3
/// stands for -30 % to 30 %, {0.1, 0.3} for 10 % to 30 %, to one side or the other. Else it passes through. Input and
/// output (batch, height, width, channels). What is drawn follows the model's seed.
struct RandomShear : detail::RandomImageLayer<RandomShear> {
  static constexpr std::string_view type_name = "RandomShear";

  /// Throws ValueError for options outside their range.
  RandomShear(RandomShearOptions options = {});

  RandomShearOptions options;
  void fields(Fields& list) { options.fields(list); }
  void validate() const {
    detail::require_factor(type_name, "x_factor", options.x_factor, 0, 1);
    detail::require_factor(type_name, "y_factor", options.y_factor, 0, 1);
    static_cast<void>(sampling());
  }

  kernels::ImageChange draw(const detail::ImageDraw& draw) const {
    kernels::ImageChange change = sampling();
    const double side = draw.uniform(0) > 0.5 ? -1 : 1;
    change.matrix[1] = side * draw.in(options.x_factor, -1, 1);
    change.matrix[3] = side * draw.in(options.y_factor, -1, 2);
    return change;
  }

 private:
  kernels::ImageChange sampling() const {
    return detail::sampling(type_name, options.fill_mode, options.interpolation, options.fill_value);
  }
};

inline RandomShear::RandomShear(RandomShearOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
