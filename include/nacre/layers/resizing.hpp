#pragma once
// Resizing: pictures in another size.

#include <string>

#include <nacre/core/words.hpp>
#include <nacre/kernels/resize.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/resized.hpp>
#include <nacre/layers/spatial.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Resizing.
struct ResizingOptions {
  std::string interpolation = "bilinear";  ///< or "nearest"
  bool crop_to_aspect_ratio = false;       ///< cuts off what is too high or too wide, in place of distorting pictures
  bool pad_to_aspect_ratio = false;        ///< puts `fill_value` around them instead
  std::string fill_mode = "constant";      ///< the only one
  double fill_value = 0;
  std::string name{};
  void fields(Fields& list) {
    list("interpolation", interpolation);
    list("crop_to_aspect_ratio", crop_to_aspect_ratio);
    list("pad_to_aspect_ratio", pad_to_aspect_ratio);
    list("fill_mode", fill_mode);
    list("fill_value", fill_value);
    list("name", name);
  }
};

/// Input (batch, height, width, channels), output (batch, `height`, `width`, channels), in training and inference
/// alike. Nothing is smoothed before pictures become smaller, as in Keras.
struct Resizing : Callable<Resizing> {
  static constexpr std::string_view type_name = "Resizing";

  /// Throws ValueError for sizes below 1, for another interpolation, and for both ways to keep the aspect ratio.
  Resizing(std::int64_t height, std::int64_t width, ResizingOptions options = {});

  std::int64_t height = 1;
  std::int64_t width = 1;
  ResizingOptions options;
  void fields(Fields& list) {
    list("height", height);
    list("width", width);
    options.fields(list);
  }

  void validate() const {
    Size2D(height, width).validate("Resizing", "height and width");
    require_one_of("Resizing", "interpolation", options.interpolation, {"bilinear", "nearest"});
    require_one_of("Resizing", "fill_mode", options.fill_mode, {"constant"});
    require<ValueError>(!options.crop_to_aspect_ratio || !options.pad_to_aspect_ratio,
                        "Resizing: expected crop_to_aspect_ratio or pad_to_aspect_ratio, got both");
  }

  /// Throws ShapeError for an input that is no picture.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    static_cast<void>(detail::volume_of(2, input));  // throws for what is no image
    require_addressable({height, width, input[2]});
    builder.backward_reads({.inputs = false, .output = false});
    return {height, width, input[2]};
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    detail::resize_batch(step, plan(step.input.extents()));
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    detail::resize_batch_gradient(step, plan(step.input_gradient.extents()));
  }

 private:
  friend struct ConfigAccess;
  Resizing() = default;

  /// @param extents (batch, height, width, channels).
  kernels::Resize plan(const Shape& extents) const {
    kernels::Resize how = kernels::resize_frame(extents[1], extents[2], extents[3], height, width,
                                                options.crop_to_aspect_ratio, options.pad_to_aspect_ratio);
    how.nearest = options.interpolation == "nearest";
    how.fill = options.fill_value;
    return how;
  }
};

inline Resizing::Resizing(std::int64_t rows, std::int64_t columns, ResizingOptions chosen)
    : height(rows), width(columns), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
