#pragma once
// RandomZoom: pictures made smaller or larger at random.

#include <string>
#include <string_view>
#include <utility>
#include <optional>

#include <nacre/layers/random_image.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of RandomZoom.
struct RandomZoomOptions {
  std::optional<RandomFactor> width_factor{};  ///< none: as the height
  std::string fill_mode = "reflect";           ///< "reflect", "wrap", "constant" or "nearest"
  std::string interpolation = "bilinear";      ///< or "nearest"
  double fill_value = 0;                       ///< around the picture, with "constant"
  std::string name{};
  void fields(Fields& list) {
    list("width_factor", width_factor);
    list("fill_mode", fill_mode);
    list("interpolation", interpolation);
    list("fill_value", fill_value);
    list("name", name);
  }
};

/// In training each picture is made smaller (positive factors) or larger (negative ones) about its middle, by a factor
/// drawn from `height_factor`: 0.2 stands for 20 % larger to 20 % smaller. Without `width_factor` its aspect ratio
/// stays. Else it passes through. Input and output (batch, height, width, channels). What is drawn follows the model's
/// seed.
struct RandomZoom : detail::RandomImageLayer<RandomZoom> {
  static constexpr std::string_view type_name = "RandomZoom";

  /// Throws ValueError for options outside their range.
  explicit RandomZoom(RandomFactor height_factor, RandomZoomOptions options = {});

  RandomFactor height_factor;
  RandomZoomOptions options;
  void fields(Fields& list) {
    list("height_factor", height_factor);
    options.fields(list);
  }
  void validate() const {
    detail::require_factor(type_name, "height_factor", height_factor, -1, 1);
    if (options.width_factor) detail::require_factor(type_name, "width_factor", *options.width_factor, -1, 1);
    static_cast<void>(sampling());
  }

  kernels::ImageChange draw(const detail::ImageDraw& draw) const {
    kernels::ImageChange change = sampling();
    const double down = 1 + draw.in(height_factor, -1, 0);
    const double across = options.width_factor ? 1 + draw.in(*options.width_factor, -1, 1) : down;
    change.matrix[0] = across;
    change.matrix[2] = static_cast<double>(draw.size.width - 1) / 2 * (1 - across);
    change.matrix[4] = down;
    change.matrix[5] = static_cast<double>(draw.size.height - 1) / 2 * (1 - down);
    return change;
  }

 private:
  friend struct ConfigAccess;
  RandomZoom() = default;

  kernels::ImageChange sampling() const {
    return detail::sampling(type_name, options.fill_mode, options.interpolation, options.fill_value);
  }
};

inline RandomZoom::RandomZoom(RandomFactor chosen_height_factor, RandomZoomOptions chosen)
    : height_factor(chosen_height_factor), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
