#pragma once
// RandomTranslation: pictures moved at random.

#include <string>
#include <string_view>
#include <utility>

#include <nacre/layers/random_image.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of RandomTranslation.
struct RandomTranslationOptions {
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

/// In training each picture is moved down and to the right by shares of its height and width that are drawn from
/// `height_factor` and `width_factor`: 0.2 stands for -20 % to 20 %, {-0.3, 0} for up by up to 30 %. Else it passes
/// through. Input and output (batch, height, width, channels). What is drawn follows the model's seed.
struct RandomTranslation : detail::RandomImageLayer<RandomTranslation> {
  static constexpr std::string_view type_name = "RandomTranslation";

  /// Throws ValueError for options outside their range.
  RandomTranslation(RandomFactor height_factor, RandomFactor width_factor, RandomTranslationOptions options = {});

  RandomFactor height_factor;
  RandomFactor width_factor;
  RandomTranslationOptions options;
  void fields(Fields& list) {
    list("height_factor", height_factor);
    list("width_factor", width_factor);
    options.fields(list);
  }
  void validate() const {
    detail::require_factor(type_name, "height_factor", height_factor, -1, 1);
    detail::require_factor(type_name, "width_factor", width_factor, -1, 1);
    static_cast<void>(sampling());
  }

  kernels::ImageChange draw(const detail::ImageDraw& draw) const {
    kernels::ImageChange change = sampling();
    change.matrix[2] = -draw.in(width_factor, -1, 0) * static_cast<double>(draw.size.width);
    change.matrix[5] = -draw.in(height_factor, -1, 1) * static_cast<double>(draw.size.height);
    return change;
  }

 private:
  friend struct ConfigAccess;
  RandomTranslation() = default;

  kernels::ImageChange sampling() const {
    return detail::sampling(type_name, options.fill_mode, options.interpolation, options.fill_value);
  }
};

inline RandomTranslation::RandomTranslation(RandomFactor chosen_height_factor, RandomFactor chosen_width_factor,
                                            RandomTranslationOptions chosen)
    : height_factor(chosen_height_factor), width_factor(chosen_width_factor), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
