#pragma once
// Conv2D: the two-dimensional convolution layer.

#include <algorithm>
#include <optional>
#include <string>

#include <nacre/constraints/constraints.hpp>
#include <nacre/initializers/initializers.hpp>
#include <nacre/kernels/convolution.hpp>
#include <nacre/kernels/reductions.hpp>
#include <nacre/layers/activated.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/regularizers/regularizers.hpp>
#include <nacre/layers/partial_gradients.hpp>
#include <nacre/layers/spatial.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Conv2D.
struct Conv2DOptions {
  Size2D strides = 1;
  Padding padding = Padding::valid;
  Size2D dilation_rate = 1;  ///< cells between the kernel's cells; only with strides of 1
  std::int64_t groups = 1;   ///< channels and filters are cut into so many parts that do not see each other
  Activation activation = linear;
  bool use_bias = true;
  AnyInitializer kernel_initializer = GlorotUniform();
  AnyInitializer bias_initializer = Zeros();
  AnyRegularizer kernel_regularizer{};
  AnyRegularizer bias_regularizer{};
  AnyRegularizer activity_regularizer{};  ///< a penalty for the output, summed over the batch
  AnyConstraint kernel_constraint{};
  AnyConstraint bias_constraint{};
  std::string name{};

  void fields(Fields& list) {
    list("strides", strides);
    list("padding", padding);
    list("dilation_rate", dilation_rate);
    list("groups", groups);
    list("activation", activation);
    list("use_bias", use_bias);
    list("kernel_initializer", kernel_initializer);
    list("bias_initializer", bias_initializer);
    list.if_any("kernel_regularizer", kernel_regularizer);
    list.if_any("bias_regularizer", bias_regularizer);
    list.if_any("activity_regularizer", activity_regularizer);
    list.if_any("kernel_constraint", kernel_constraint);
    list.if_any("bias_constraint", bias_constraint);
    list("name", name);
  }
};

/// output = activation(input convolved with kernel + bias), as a cross-correlation. Input (batch, height, width,
/// channels), output (batch, rows, columns, filters); kernel (height, width, channels / groups, filters), bias
/// (filters).
struct Conv2D : Callable<Conv2D> {
  static constexpr std::string_view type_name = "Conv2D";

  /// Throws ValueError for sizes below 1, or for strides and dilation together.
  Conv2D(std::int64_t filters, Size2D kernel_size, Conv2DOptions options = {});

  /// `Conv2D(32, 3, relu)`: with an activation and no other option.
  template <std::convertible_to<Activation> A>
  Conv2D(std::int64_t filters, Size2D kernel_size, A activation);

  /// What it asks for.
  enum class Weights { kernel, bias };
  enum class Scratch { forward_kernel, backward_kernel, partial_gradients };

  std::int64_t filters;
  Size2D kernel_size;
  Conv2DOptions options;
  void fields(Fields& list) {
    list("filters", filters);
    list("kernel_size", kernel_size);
    options.fields(list);
  }

  [[gnu::cold]] void validate() const {
    require<ValueError>(filters >= 1, "Conv2D: expected filters of 1 or more, got ", filters);
    require<ValueError>(options.groups >= 1 && filters % options.groups == 0,
                        "Conv2D: expected groups that divide the filters, got ", options.groups, " groups and ",
                        filters, " filters");
    kernel_size.validate(type_name, "kernel_size");
    options.strides.validate(type_name, "strides");
    options.dilation_rate.validate(type_name, "dilation_rate");
    require<ValueError>(options.strides == Size2D(1) || options.dilation_rate == Size2D(1),
                        "Conv2D: expected strides or dilation_rate to be 1, got strides ", options.strides,
                        " and dilation_rate ", options.dilation_rate);
  }

  /// The geometry of the convolution of a batch of images of shape `input` (height, width, channels). Throws ShapeError
  /// where the channels cannot be cut into the groups or no window fits.
  kernels::Conv2DShape kernel_shape(const Shape& input, std::int64_t batch) const {
    require_image(input);
    require<ShapeError>(input[2] % options.groups == 0, "expected channels that ", options.groups,
                        " groups divide, got ", input);
    const Window rows(input[0], kernel_size.height, options.strides.height, options.dilation_rate.height,
                      options.padding);
    const Window columns(input[1], kernel_size.width, options.strides.width, options.dilation_rate.width,
                         options.padding);
    require_positions(input, kernel_size, rows, columns);
    kernels::Conv2DShape shape{};
    shape.batch = batch;
    shape.height = input[0];
    shape.width = input[1];
    shape.channels = input[2];
    shape.filters = filters;
    shape.kernel_height = kernel_size.height;
    shape.kernel_width = kernel_size.width;
    shape.stride_height = options.strides.height;
    shape.stride_width = options.strides.width;
    shape.dilation_height = options.dilation_rate.height;
    shape.dilation_width = options.dilation_rate.width;
    shape.pad_top = rows.pad_before;
    shape.pad_left = columns.pad_before;
    shape.groups = options.groups;
    shape.out_height = rows.positions;
    shape.out_width = columns.positions;
    return shape;
  }

  [[gnu::cold]] Shape build(const Shape& input, LayerBuilder& builder) const {
    const auto shape = kernel_shape(input, builder.batch());
    const Shape output{shape.out_height, shape.out_width, filters};
    require_addressable(output);
    const auto seen = [](std::int64_t positions, std::int64_t stride, std::int64_t window, std::int64_t dilation) {
      return (positions - 1) * stride + (window - 1) * dilation + 1;
    };
    require_addressable({seen(shape.out_height, shape.stride_height, shape.kernel_height, shape.dilation_height),
                         seen(shape.out_width, shape.stride_width, shape.kernel_width, shape.dilation_width),
                         shape.channels});  // the input with its padding
    request_weights(shape, builder);
    detail::request_activation_input(builder, options.activation, output);
    if (options.activation == linear) builder.backward_reads({.inputs = true, .output = false});
    builder.task_scratch(kernels::conv2d_scratch(shape));
    builder.scratch(Scratch::forward_kernel, kernels::conv2d_forward_prepared_size(shape));
    if (builder.training()) {
      if (kernels::conv2d_adds_input_gradient(shape)) builder.add_input_gradient();
      builder.scratch(Scratch::backward_kernel, kernels::conv2d_prepared_size(shape));
      PartialGradients::request(builder, {kernel_elements(shape), filters}, Scratch::partial_gradients);
    }
    return output;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    const auto shape = kernel_shape(step.input.extents().from(1), step.batch());
    const T* bias = options.use_bias ? step.weight(Weights::bias).elements() : nullptr;
    T* before = detail::activation_input(step, options.activation);
    const T* kernel = step.weight(Weights::kernel).elements();
    kernels::conv2d_prepare_forward(shape, kernel, step.scratch(Scratch::forward_kernel));
    step.parallel(shape.batch, [&](std::int64_t sample, T* scratch) {
      kernels::conv2d_forward(shape, {sample, sample + 1}, step.input.elements(), kernel,
                              static_cast<const T*>(step.scratch(Scratch::forward_kernel)), bias, options.activation,
                              step.output.elements(), scratch, before);
    });
  }

  /// A task is a run of samples: their gradients of the inputs, and a partial sum of the weights' gradients, which are
  /// then added in one fixed order.
  template <class T>
  void backward(const Backward<T>& step) const {
    const auto shape = kernel_shape(step.input.extents().from(1), step.batch());
    const T* kernel = step.weight(Weights::kernel).elements();
    if (step.wants_input_gradient)
      kernels::conv2d_prepare_backward(shape, kernel, step.scratch(Scratch::backward_kernel));
    const PartialGradients parts(shape.batch, {kernel_elements(shape), filters}, Scratch::partial_gradients);
    const std::int64_t size = step.output.sample_size();
    const T* kept = detail::kept_for_activation(step, options.activation);
    step.parallel(parts.count(), [&](std::int64_t part, T* scratch) {
      parts.clear(step, part);
      const Range samples = parts.samples(part);
      T* gradient = step.output_gradient.elements();
      for (std::int64_t sample = samples.first; options.activation != linear && sample < samples.last; ++sample) {
        T* here = gradient + sample * size;
        kernels::activation_rows_gradient(options.activation, size / filters, filters, kept + sample * size,
                                          static_cast<const T*>(here), here);
      }
      kernels::conv2d_backward(shape, samples, step.input.elements(), static_cast<const T*>(gradient), kernel,
                               static_cast<const T*>(step.scratch(Scratch::backward_kernel)), parts.of(step, part, 0),
                               step.wants_input_gradient ? step.input_gradient.elements() : nullptr,
                               {.add = step.adds_gradient(0)}, scratch);
      if (options.use_bias) {
        kernels::column_sums(samples.size() * size / filters, filters, {0, filters},
                             static_cast<const T*>(gradient) + samples.first * size, parts.of(step, part, 1));
      }
    });
    parts.hand_over(step, options.use_bias ? 2 : 1);
  }

  Activation final_activation() const { return options.activation; }
  Conv2D without_activation() const {
    Conv2D layer = *this;
    layer.options.activation = linear;
    return layer;
  }

  [[gnu::cold]] void request_weights(const kernels::Conv2DShape& shape, LayerBuilder& builder) const {
    builder.weight(Weights::kernel, "kernel",
                   {kernel_size.height, kernel_size.width, shape.channels / options.groups, filters},
                   options.kernel_initializer, options.kernel_regularizer, options.kernel_constraint);
    if (options.use_bias) {
      builder.weight(Weights::bias, "bias", {filters}, options.bias_initializer, options.bias_regularizer,
                     options.bias_constraint);
    }
    builder.activity_regularizer(options.activity_regularizer);
  }

  std::int64_t kernel_elements(const kernels::Conv2DShape& shape) const {
    return kernel_size.height * kernel_size.width * (shape.channels / options.groups) * filters;
  }

 private:
  friend struct ConfigAccess;
  Conv2D() : filters(1) {}
};

inline Conv2D::Conv2D(std::int64_t outputs, Size2D window, Conv2DOptions chosen)
    : filters(outputs), kernel_size(window), options(std::move(chosen)) {
  validate();
}

template <std::convertible_to<Activation> A>
Conv2D::Conv2D(std::int64_t outputs, Size2D window, A activation)
    : Conv2D(outputs, window, Conv2DOptions{.activation = activation}) {}

}  // namespace nacre
