#pragma once
// RandomBrightness: pictures made brighter or darker at random.

#include <string>
#include <string_view>
#include <utility>

#include <nacre/layers/random_image.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of RandomBrightness.
struct RandomBrightnessOptions {
  ValueRange value_range{};  ///< of pictures
  std::string name{};
  void fields(Fields& list) {
    list("value_range", value_range);
    list("name", name);
  }
};

/// In training a share of the value range that is drawn from `factor` is added to each picture: 0.2 stands for -20 % to
/// 20 %. Values are kept within the range. Else it passes through. Input and output (batch, height, width, channels).
/// What is drawn follows the model's seed.
struct RandomBrightness : detail::RandomImageLayer<RandomBrightness> {
  static constexpr std::string_view type_name = "RandomBrightness";

  /// Throws ValueError for options outside their range.
  explicit RandomBrightness(RandomFactor factor, RandomBrightnessOptions options = {});

  RandomFactor factor;
  RandomBrightnessOptions options;
  void fields(Fields& list) {
    list("factor", factor);
    options.fields(list);
  }
  void validate() const {
    detail::require_factor(type_name, "factor", factor, -1, 1);
    detail::require_value_range(type_name, options.value_range);
  }

  kernels::ImageChange draw(const detail::ImageDraw& draw) const {
    kernels::ImageChange change;
    change.kind = kernels::ImageChange::Kind::shift;
    change.offset = draw.in(factor, -1, 0) * (options.value_range.high - options.value_range.low);
    change.clips = true;
    change.low = options.value_range.low;
    change.high = options.value_range.high;
    return change;
  }

 private:
  friend struct ConfigAccess;
  RandomBrightness() = default;
};

inline RandomBrightness::RandomBrightness(RandomFactor chosen_factor, RandomBrightnessOptions chosen)
    : factor(chosen_factor), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
