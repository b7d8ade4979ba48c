#pragma once
// Bodies of layers/random_image.hpp.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include <nacre/core/error.hpp>
#include <nacre/core/words.hpp>
#include <nacre/layers/broadcasting.hpp>
#include <nacre/layers/random_image.hpp>
#include <nacre/layers/spatial.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP RandomFactor::RandomFactor(double lower, double upper) : first(lower), second(upper) {}

NACRE_SETUP ConfigValue to_config_value(const RandomFactor& factor) {
  return factor.second ? ConfigValue(ConfigList{factor.first, *factor.second}) : ConfigValue(factor.first);
}
NACRE_SETUP void from_config_value(const ConfigValue& value, RandomFactor& out) {
  if (const auto* pair = value.get_if<ConfigList>()) {
    require<ValueError>(pair->size() == 2, "expected one number or two, got ", value);
    RandomFactor found(0, 0);
    from_config_value((*pair)[0], found.first);
    from_config_value((*pair)[1], *found.second);
    out = found;
  } else {
    double number = 0;
    from_config_value(value, number);
    out = RandomFactor(number);
  }
}

NACRE_SETUP ConfigValue to_config_value(const ValueRange& range) { return ConfigList{range.low, range.high}; }
NACRE_SETUP void from_config_value(const ConfigValue& value, ValueRange& out) {
  const auto& pair = config_get<ConfigList>(value, "two numbers");
  require<ValueError>(pair.size() == 2, "expected two numbers, got ", value);
  from_config_value(pair[0], out.low);
  from_config_value(pair[1], out.high);
}

namespace detail {

NACRE_INLINE double ImageDraw::in(const RandomFactor& factor, double least, std::uint64_t index) const {
  const double lower = factor.lower(least);
  return lower + (factor.upper() - lower) * uniform(index);
}

NACRE_INLINE bool ImageDraw::happens(const RandomFactor& probability, std::uint64_t index) const {
  return uniform(index + 1) < in(probability, 0, index);
}

NACRE_SETUP void require_factor(std::string_view layer, std::string_view option, const RandomFactor& factor,
                                double least, double most) {
  for (const double number : {factor.first, factor.upper()}) {
    require<ValueError>(number >= least && number <= most, layer, ": expected ", option, " from ", least, " to ", most,
                        ", got ", number);
  }
  require<ValueError>(!factor.second || factor.first <= *factor.second, layer, ": expected ", option,
                      " as a smaller number and a larger one, got ", factor.first, " and ", factor.upper());
}

NACRE_SETUP void require_value_range(std::string_view layer, const ValueRange& range) {
  require<ValueError>(std::isfinite(range.low) && std::isfinite(range.high) && range.low < range.high, layer,
                      ": expected value_range as a smaller number and a larger one, got ", range.low, " and ",
                      range.high);
}

NACRE_INLINE kernels::ImageFill image_fill(std::string_view layer, const std::string& fill_mode) {
  if (fill_mode == "reflect") return kernels::ImageFill::reflect;
  if (fill_mode == "wrap") return kernels::ImageFill::wrap;
  if (fill_mode == "constant") return kernels::ImageFill::constant;
  if (fill_mode != "nearest") require_one_of(layer, "fill_mode", fill_mode, {"reflect", "wrap", "constant", "nearest"});
  return kernels::ImageFill::nearest;
}

NACRE_INLINE bool is_nearest(std::string_view layer, const std::string& interpolation) {
  if (interpolation != "nearest" && interpolation != "bilinear")
    require_one_of(layer, "interpolation", interpolation, {"bilinear", "nearest"});
  return interpolation == "nearest";
}

NACRE_INLINE kernels::ImageChange sampling(std::string_view layer, const std::string& fill_mode,
                                           const std::string& interpolation, double fill_value) {
  kernels::ImageChange change;
  change.kind = kernels::ImageChange::Kind::transform;
  change.fill = image_fill(layer, fill_mode);
  change.nearest = is_nearest(layer, interpolation);
  change.fill_value = fill_value;
  return change;
}

NACRE_SETUP Shape build_random_image(const Shape& input, LayerBuilder& builder) {
  static_cast<void>(detail::volume_of(2, input));  // throws for what is no image
  if (builder.training()) {
    builder.task_scratch(kernels::image_change_scratch({input[0], input[1], input[2]}));
  } else {
    builder.share_input();
  }
  builder.backward_reads({.inputs = true, .output = false});
  return input;
}

template <class T>
kernels::ImageSize image_size(const TensorView<T>& images) {
  const Shape& extents = images.extents();
  return {extents[1], extents[2], extents[3]};
}

template <class T>
kernels::ImageChange draw_change(const LayerStep<T>& step, const kernels::ImageSize& size, std::int64_t sample,
                                 const void* layer, DrawChange draw) {
  return draw(layer, {size, step.random, static_cast<std::uint64_t>(sample) << 32});
}

template <class T>
void copy_images(const Forward<T>& step) {
  const std::int64_t size = step.input.sample_size();
  each_piece(step, step.batch() * size, [&](std::int64_t first, std::int64_t count) {
    std::copy_n(step.input.elements() + first, count, step.output.elements() + first);
  });
}

template <class T>
void change_images(const Forward<T>& step, const void* layer, DrawChange draw) {
  if (!step.training) return copy_images(step);
  const kernels::ImageSize size = image_size(step.input);
  step.parallel(step.batch(), [&](std::int64_t sample, T* scratch) {
    const std::int64_t first = sample * size.elements();
    kernels::change_image(draw_change(step, size, sample, layer, draw), size, step.input.elements() + first,
                          step.output.elements() + first, scratch);
  });
}

template <class T>
void change_images_gradient(const Backward<T>& step, const void* layer, DrawChange draw) {
  if (!step.wants_input_gradient) return;
  const kernels::ImageSize size = image_size(step.input);
  step.parallel(step.batch(), [&](std::int64_t sample, T* scratch) {
    const std::int64_t first = sample * size.elements();
    const kernels::ImageChange change =
        step.training ? draw_change(step, size, sample, layer, draw) : kernels::ImageChange();
    kernels::change_image_gradient(change, size, step.input.elements() + first,
                                   static_cast<const T*>(step.output_gradient.elements()) + first,
                                   step.input_gradient.elements() + first, scratch);
  });
}

}  // namespace detail
}  // namespace nacre
