#pragma once
// AveragePooling2D: the mean of each window.

#include <nacre/layers/pooling2d.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The mean of each window, channel by channel; padding does not count. Input
/// (batch, height, width, channels), output (batch, rows, columns, channels).
struct AveragePooling2D : Callable<AveragePooling2D> {
  static constexpr std::string_view type_name = "AveragePooling2D";

  /// Throws ValueError for sizes below 1.
  AveragePooling2D(Size2D pool_size = 2, Pooling2DOptions options = {});

  Size2D pool_size;
  Pooling2DOptions options;
  void fields(Fields& list) {
    list("pool_size", pool_size);
    options.fields(list);
  }

  void validate() const { detail::validate_pool(type_name, pool_size, options); }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    const auto shape = detail::pool_shape(input, builder.batch(), pool_size, options);
    return {shape.out_height, shape.out_width, shape.channels};
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    const auto shape = detail::pool_shape(step.input.extents().from(1), step.batch(), pool_size, options);
    step.parallel(shape.batch, [&](std::int64_t sample, T*) {
      kernels::average_pool2d_forward(shape, {sample, sample + 1}, step.input.elements(), step.output.elements());
    });
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    const auto shape = detail::pool_shape(step.input.extents().from(1), step.batch(), pool_size, options);
    step.parallel(shape.batch, [&](std::int64_t sample, T*) {
      kernels::average_pool2d_backward(shape, {sample, sample + 1}, step.output_gradient.elements(),
                                       step.input_gradient.elements());
    });
  }
};

inline AveragePooling2D::AveragePooling2D(Size2D pool, Pooling2DOptions chosen)
    : pool_size(pool), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
