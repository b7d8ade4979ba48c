#pragma once
// RandomContrast: pictures with more or less contrast at random.

#include <string>
#include <string_view>
#include <utility>

#include <nacre/layers/random_image.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of RandomContrast.
struct RandomContrastOptions {
  ValueRange value_range{};  ///< of pictures
  std::string name{};
  void fields(Fields& list) {
    list("value_range", value_range);
    list("name", name);
  }
};

/// In training values x become (x - mean) * c + mean, of the mean of their picture's channel, with c drawn from 1 -
/// lower to 1 + upper: a `factor` of 0.2 stands for 0.8 to 1.2, {0.5, 0.1} for 0.5 to 1.1. Values are kept within the
/// range. Else they pass through. Input and output (batch, height, width, channels). What is drawn follows the model's
/// seed.
struct RandomContrast : detail::RandomImageLayer<RandomContrast> {
  static constexpr std::string_view type_name = "RandomContrast";

  /// Throws ValueError for options outside their range.
  explicit RandomContrast(RandomFactor factor, RandomContrastOptions options = {});

  RandomFactor factor;
  RandomContrastOptions options;
  void fields(Fields& list) {
    list("factor", factor);
    options.fields(list);
  }
  void validate() const {
    // The two are shares below and above 1, not a range.
    detail::require_factor(type_name, "factor", factor.first, 0, 1);
    detail::require_factor(type_name, "factor", factor.upper(), 0, 1);
    detail::require_value_range(type_name, options.value_range);
  }

  kernels::ImageChange draw(const detail::ImageDraw& draw) const {
    kernels::ImageChange change;
    change.kind = kernels::ImageChange::Kind::contrast;
    change.scale = 1 - factor.first + (factor.first + factor.upper()) * draw.uniform(0);
    change.clips = true;
    change.low = options.value_range.low;
    change.high = options.value_range.high;
    return change;
  }

 private:
  friend struct ConfigAccess;
  RandomContrast() = default;
};

inline RandomContrast::RandomContrast(RandomFactor chosen_factor, RandomContrastOptions chosen)
    : factor(chosen_factor), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
