#pragma once
// CenterCrop: the middle of pictures.

#include <string>

#include <nacre/kernels/resize.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/resized.hpp>
#include <nacre/layers/spatial.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of CenterCrop.
struct CenterCropOptions {
  std::string name{};
  void fields(Fields& list) { list("name", name); }
};

/// Input (batch, height, width, channels), output (batch, `height`, `width`, channels): the middle of each picture.
/// Pictures that are smaller are resized bilinearly, their largest part of that aspect ratio, as Keras does.
struct CenterCrop : Callable<CenterCrop> {
  static constexpr std::string_view type_name = "CenterCrop";

  /// Throws ValueError for sizes below 1.
  CenterCrop(std::int64_t height, std::int64_t width, CenterCropOptions options = {});

  std::int64_t height = 1;
  std::int64_t width = 1;
  CenterCropOptions options;
  void fields(Fields& list) {
    list("height", height);
    list("width", width);
    options.fields(list);
  }

  void validate() const { Size2D(height, width).validate("CenterCrop", "height and width"); }

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
  CenterCrop() = default;

  kernels::Resize plan(const Shape& extents) const { return kernels::center_crop(extents.from(1), height, width); }
};

inline CenterCrop::CenterCrop(std::int64_t rows, std::int64_t columns, CenterCropOptions chosen)
    : height(rows), width(columns), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
