#pragma once
// What SeparableConv1D and SeparableConv2D have in common: a convolution of each channel, and one of single pixels
// behind it, sample by sample, so that what lies between them stays in the cache.

#include <string>
#include <string_view>
#include <utility>

#include <nacre/layers/convolution.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of SeparableConv1D and SeparableConv2D, with a size for as many axes.
template <class Size>
struct SeparableConvolutionOptions {
  Size strides = 1;
  Padding padding = Padding::valid;
  Size dilation_rate = 1;             ///< cells from one of the kernel's cells to the next
  std::int64_t depth_multiplier = 1;  ///< filters of each channel
  Activation activation = linear;
  bool use_bias = true;
  AnyInitializer depthwise_initializer = GlorotUniform();
  AnyInitializer pointwise_initializer = GlorotUniform();
  AnyInitializer bias_initializer = Zeros();
  AnyRegularizer depthwise_regularizer{};
  AnyRegularizer pointwise_regularizer{};
  AnyRegularizer bias_regularizer{};
  AnyRegularizer activity_regularizer{};  ///< a penalty for the output, summed over the batch
  AnyConstraint depthwise_constraint{};
  AnyConstraint pointwise_constraint{};
  AnyConstraint bias_constraint{};
  std::string name{};

  void fields(Fields& list) {
    list("strides", strides);
    list("padding", padding);
    list("dilation_rate", dilation_rate);
    list("depth_multiplier", depth_multiplier);
    list("activation", activation);
    list("use_bias", use_bias);
    list("depthwise_initializer", depthwise_initializer);
    list("pointwise_initializer", pointwise_initializer);
    list("bias_initializer", bias_initializer);
    list.if_any("depthwise_regularizer", depthwise_regularizer);
    list.if_any("pointwise_regularizer", pointwise_regularizer);
    list.if_any("bias_regularizer", bias_regularizer);
    list.if_any("activity_regularizer", activity_regularizer);
    list.if_any("depthwise_constraint", depthwise_constraint);
    list.if_any("pointwise_constraint", pointwise_constraint);
    list.if_any("bias_constraint", bias_constraint);
    list("name", name);
  }
};

namespace detail {

/// What a separable convolution does, whatever the class of its layer.
struct SeparableGeometry {
  ConvolutionGeometry depthwise;  ///< linear, without a bias
  std::int64_t filters = 1;
  Activation activation = linear;
  bool use_bias = true;

  ConvolutionGeometry pointwise() const {
    return {depthwise.axes, filters, 1, 1, 1, Padding::valid, 1, activation, use_bias, false};
  }
};

/// What a separable convolution layer asks for.
struct SeparableMemory {
  enum class Weights { depthwise_kernel, pointwise_kernel, bias };
  enum class Scratch { forward_kernel, backward_kernel, partial_gradients };
};

/// What a separable convolution asks for besides its weights; returns the shape of its output.
Shape build_separable(const SeparableGeometry& geometry, const Shape& input, LayerBuilder& builder);

template <class T>
void separable_forward(const SeparableGeometry& geometry, const Forward<T>& step);
template <class T>
void separable_backward(const SeparableGeometry& geometry, const Backward<T>& step);

/// What a layer `Self` that is a separable convolution of as many axes has.
template <class Self, class Size>
struct SeparableConvolution : EndsInActivation<Self> {
  using Weights = SeparableMemory::Weights;

  std::int64_t filters;
  Size kernel_size;
  SeparableConvolutionOptions<Size> options;
  void fields(Fields& list) {
    list("filters", filters);
    list("kernel_size", kernel_size);
    options.fields(list);
  }

  [[gnu::cold]] void validate() const {
    constexpr std::string_view name = Self::type_name;
    require<ValueError>(filters >= 1, name, ": expected filters of 1 or more, got ", filters);
    require<ValueError>(options.depth_multiplier >= 1, name, ": expected depth_multiplier of 1 or more, got ",
                        options.depth_multiplier);
    validate_window(name, kernel_size, options);
    options.padding.require_not_causal(name);
  }

  SeparableGeometry geometry() const {
    return {{axes_of<Size>, options.depth_multiplier, in_3d(kernel_size), in_3d(options.strides),
             in_3d(options.dilation_rate), options.padding, 1, linear, false, true},
            filters,
            options.activation,
            options.use_bias};
  }

  [[gnu::cold]] Shape build(const Shape& input, LayerBuilder& builder) const {
    const Shape output = build_separable(geometry(), input, builder);
    builder.weight(Weights::depthwise_kernel, "depthwise_kernel",
                   geometry().depthwise.kernel(input.back(), options.depth_multiplier), options.depthwise_initializer,
                   options.depthwise_regularizer, options.depthwise_constraint);
    builder.weight(Weights::pointwise_kernel, "pointwise_kernel",
                   geometry().pointwise().kernel(input.back() * options.depth_multiplier, filters),
                   options.pointwise_initializer, options.pointwise_regularizer, options.pointwise_constraint);
    request_bias(Weights::bias, filters, options, builder);
    builder.activity_regularizer(options.activity_regularizer);
    return output;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    separable_forward(geometry(), step);
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    separable_backward(geometry(), step);
  }

 protected:
  SeparableConvolution(std::int64_t outputs, Size window, SeparableConvolutionOptions<Size> chosen)
      : filters(outputs), kernel_size(window), options(std::move(chosen)) {
    validate();
  }
  SeparableConvolution() : filters(1) {}
};

}  // namespace detail
}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/separable_convolution-inl.hpp>
#endif
