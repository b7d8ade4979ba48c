#pragma once
// What layers that change pictures at random have in common.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nacre/core/compiled.hpp>
#include <nacre/core/config.hpp>
#include <nacre/kernels/image_change.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// How much a picture is changed: a number, or the smallest and the largest of a range from which it is drawn.
struct RandomFactor {
  double first = 0;
  std::optional<double> second{};  ///< none: what `first` alone means, its layer says

  RandomFactor() = default;
  RandomFactor(double number) : first(number) {}
  RandomFactor(double lower, double upper);

  /// The range that it stands for, where a number alone begins at `least`, a multiple of it: 0 or -1.
  double lower(double least) const { return second ? first : least * first; }
  double upper() const { return second ? *second : first; }

  friend bool operator==(const RandomFactor&, const RandomFactor&) = default;
};

ConfigValue to_config_value(const RandomFactor& factor);
void from_config_value(const ConfigValue& value, RandomFactor& out);

/// The smallest and the largest value of pictures: {0, 255}, or {0, 1}.
struct ValueRange {
  double low = 0;
  double high = 255;
  friend bool operator==(const ValueRange&, const ValueRange&) = default;
};

ConfigValue to_config_value(const ValueRange& range);
void from_config_value(const ConfigValue& value, ValueRange& out);

namespace detail {

/// A layer's random numbers for one picture, and the change that it makes of it.
struct ImageDraw {
  kernels::ImageSize size;
  RandomStream random;
  std::uint64_t element;  ///< the first of its numbers

  /// Uniform number `index` of the picture, of the first 32.
  double uniform(std::uint64_t index) const { return random.uniform(element + index); }
  /// The same within the range of a factor.
  double in(const RandomFactor& factor, double least, std::uint64_t index) const;
  /// Whether something happens whose probability is drawn from a factor of 0 to 1: draws two numbers.
  bool happens(const RandomFactor& probability, std::uint64_t index) const;
  /// Where numbers that are drawn for each pixel begin.
  std::uint64_t pixels() const { return element + 64; }
};

/// What draws a layer's change of a picture.
using DrawChange = kernels::ImageChange (*)(const void* layer, const ImageDraw& draw);

/// Throws ShapeError for an input that is no picture. Outside training the output is the input.
Shape build_random_image(const Shape& input, LayerBuilder& builder);

/// Changes the pictures of a batch, in training; copies them otherwise.
template <class T>
void change_images(const Forward<T>& step, const void* layer, DrawChange draw);
template <class T>
void copy_images(const Forward<T>& step);
/// Writes the gradient by the input, where it is wanted: changes are drawn again.
template <class T>
void change_images_gradient(const Backward<T>& step, const void* layer, DrawChange draw);

/// Throws ValueError, in the name of the layer, for a range that is none or lies outside `least` to `most`.
void require_factor(std::string_view layer, std::string_view option, const RandomFactor& factor, double least,
                    double most);
void require_value_range(std::string_view layer, const ValueRange& range);

/// Sets what lies around the picture, and how pixels are taken. Throws ValueError for other words.
kernels::ImageFill image_fill(std::string_view layer, const std::string& fill_mode);
bool is_nearest(std::string_view layer, const std::string& interpolation);

/// A change that takes pixels from elsewhere.
kernels::ImageChange sampling(std::string_view layer, const std::string& fill_mode, const std::string& interpolation,
                              double fill_value);

/// Layers that change pictures one by one: `ImageChange draw(const detail::ImageDraw&) const` is all that they add.
template <class L>
struct RandomImageLayer : Callable<L> {
  Shape build(const Shape& input, LayerBuilder& builder) const { return build_random_image(input, builder); }
  template <class T>
  void forward(const Forward<T>& step) const {
    change_images(step, static_cast<const L*>(this), draw_of);
  }
  template <class T>
  void predict(const Forward<T>& step) const {
    copy_images(step);
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    change_images_gradient(step, static_cast<const L*>(this), draw_of);
  }

  static kernels::ImageChange draw_of(const void* layer, const ImageDraw& draw) {
    return static_cast<const L*>(layer)->draw(draw);
  }
};

}  // namespace detail
}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/random_image-inl.hpp>
#endif
