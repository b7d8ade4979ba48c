#pragma once
// What DepthwiseConv1D and DepthwiseConv2D have in common.

#include <string>
#include <string_view>
#include <utility>

#include <nacre/layers/convolution.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of DepthwiseConv1D and DepthwiseConv2D, with a size for as many axes.
template <class Size>
struct DepthwiseConvolutionOptions {
  Size strides = 1;
  Padding padding = Padding::valid;
  std::int64_t depth_multiplier = 1;  ///< filters of each channel
  Size dilation_rate = 1;             ///< cells from one of the kernel's cells to the next
  Activation activation = linear;
  bool use_bias = true;
  AnyInitializer depthwise_initializer = GlorotUniform();
  AnyInitializer bias_initializer = Zeros();
  AnyRegularizer depthwise_regularizer{};
  AnyRegularizer bias_regularizer{};
  AnyRegularizer activity_regularizer{};  ///< a penalty for the output, summed over the batch
  AnyConstraint depthwise_constraint{};
  AnyConstraint bias_constraint{};
  std::string name{};

  void fields(Fields& list) {
    list("strides", strides);
    list("padding", padding);
    list("depth_multiplier", depth_multiplier);
    list("dilation_rate", dilation_rate);
    list("activation", activation);
    list("use_bias", use_bias);
    list("depthwise_initializer", depthwise_initializer);
    list("bias_initializer", bias_initializer);
    list.if_any("depthwise_regularizer", depthwise_regularizer);
    list.if_any("bias_regularizer", bias_regularizer);
    list.if_any("activity_regularizer", activity_regularizer);
    list.if_any("depthwise_constraint", depthwise_constraint);
    list.if_any("bias_constraint", bias_constraint);
    list("name", name);
  }
};

namespace detail {

/// What a layer `Self` that convolves each channel for itself has.
template <class Self, class Size>
struct DepthwiseConvolution : EndsInActivation<Self> {
  using Weights = ConvolutionMemory::Weights;

  Size kernel_size;
  DepthwiseConvolutionOptions<Size> options;
  void fields(Fields& list) {
    list("kernel_size", kernel_size);
    options.fields(list);
  }

  [[gnu::cold]] void validate() const {
    validate_window(Self::type_name, kernel_size, options);
    options.padding.require_not_causal(Self::type_name);
    require<ValueError>(options.depth_multiplier >= 1, Self::type_name,
                        ": expected depth_multiplier of 1 or more, got ", options.depth_multiplier);
  }

  ConvolutionGeometry geometry() const {
    return {axes_of<Size>,
            options.depth_multiplier,
            in_3d(kernel_size),
            in_3d(options.strides),
            in_3d(options.dilation_rate),
            options.padding,
            1,
            options.activation,
            options.use_bias,
            true};
  }

  [[gnu::cold]] Shape build(const Shape& input, LayerBuilder& builder) const {
    const Shape output = build_convolution(geometry(), input, builder);
    builder.weight(Weights::kernel, "kernel", geometry().kernel(input.back(), options.depth_multiplier),
                   options.depthwise_initializer, options.depthwise_regularizer, options.depthwise_constraint);
    request_bias(Weights::bias, output.back(), options, builder);
    builder.activity_regularizer(options.activity_regularizer);
    return output;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    convolution_forward(geometry(), step);
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    convolution_backward(geometry(), step);
  }

 protected:
  DepthwiseConvolution(Size window, DepthwiseConvolutionOptions<Size> chosen)
      : kernel_size(window), options(std::move(chosen)) {
    validate();
  }
  DepthwiseConvolution() = default;
};

}  // namespace detail
}  // namespace nacre
