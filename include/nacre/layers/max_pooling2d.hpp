#pragma once
// MaxPooling2D: the largest of each window.

#include <optional>

#include <nacre/layers/pooling2d.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

struct Conv2DMaxPooling2D;

/// The largest value of each window, channel by channel; padding never wins. Input
/// (batch, height, width, channels), output (batch, rows, columns, channels). The gradient goes to the first of equals.
struct MaxPooling2D : Callable<MaxPooling2D> {
  static constexpr std::string_view type_name = "MaxPooling2D";

  /// Throws ValueError for sizes below 1.
  MaxPooling2D(Size2D pool_size = 2, Pooling2DOptions options = {});

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
      kernels::max_pool2d_forward(shape, {sample, sample + 1}, step.input.elements(), step.output.elements());
    });
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    const auto shape = detail::pool_shape(step.input.extents().from(1), step.batch(), pool_size, options);
    step.parallel(shape.batch, [&](std::int64_t sample, T*) {
      kernels::max_pool2d_backward(shape, {sample, sample + 1}, step.input.elements(), step.output.elements(),
                                   step.output_gradient.elements(), step.input_gradient.elements());
    });
  }

  /// With the Conv2D before it, where the kernels can do both in one.
  std::optional<Conv2DMaxPooling2D> join_previous(const Layer& previous, const Shape& input) const;
};

inline MaxPooling2D::MaxPooling2D(Size2D pool, Pooling2DOptions chosen) : pool_size(pool), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre

#include <nacre/layers/conv2d_max_pooling2d.hpp>
