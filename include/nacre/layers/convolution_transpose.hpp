#pragma once
// What Conv1DTranspose, Conv2DTranspose and Conv3DTranspose have in common: the gradient of a convolution by its input,
// as a layer. Its own gradient is that convolution.

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/layers/convolution.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Conv1DTranspose, Conv2DTranspose and Conv3DTranspose, with a size for as many axes.
template <class Size>
struct ConvolutionTransposeOptions {
  Size strides = 1;  ///< by how much the output is larger
  Padding padding = Padding::valid;
  /// Cells that the output has more at its end, below the strides. None: with padding "same" as many that it is
  /// `strides` times as large as the input, with "valid" that it is so at least.
  std::optional<Size> output_padding{};
  Size dilation_rate = 1;  ///< cells from one of the kernel's cells to the next; only with strides of 1
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
    list("output_padding", output_padding);
    list("dilation_rate", dilation_rate);
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

namespace detail {

/// What a transposed convolution does, whatever the class of its layer.
struct TransposeGeometry {
  ConvolutionGeometry convolution;
  std::optional<Size3D> output_padding{};

  /// The convolution whose input gradient the layer computes: its output is the layer's input. Throws ShapeError for an
  /// input of another rank.
  kernels::Conv3DShape shape(const Shape& input, std::int64_t batch) const;
};

/// Throws ValueError where they are negative, or not below the strides.
void require_output_padding(std::string_view layer, const TransposeGeometry& geometry);

/// What a transposed convolution asks for besides its weights; returns the shape of its output.
Shape build_transpose(const TransposeGeometry& geometry, const Shape& input, LayerBuilder& builder);

template <class T>
void transpose_forward(const TransposeGeometry& geometry, const Forward<T>& step);
template <class T>
void transpose_backward(const TransposeGeometry& geometry, const Backward<T>& step);

/// What a layer `Self` that is a transposed convolution of as many axes has.
template <class Self, class Size>
struct ConvolutionTranspose : EndsInActivation<Self> {
  using Weights = ConvolutionMemory::Weights;

  std::int64_t filters;
  Size kernel_size;
  ConvolutionTransposeOptions<Size> options;
  void fields(Fields& list) {
    list("filters", filters);
    list("kernel_size", kernel_size);
    options.fields(list);
  }

  [[gnu::cold]] void validate() const {
    constexpr std::string_view name = Self::type_name;
    require<ValueError>(filters >= 1, name, ": expected filters of 1 or more, got ", filters);
    validate_window(name, kernel_size, options);
    options.padding.require_not_causal(name);
    require_strides_or_dilation(name, options);
    require_output_padding(name, geometry());
  }

  TransposeGeometry geometry() const {
    TransposeGeometry geometry{{axes_of<Size>, filters, in_3d(kernel_size), in_3d(options.strides),
                                in_3d(options.dilation_rate), options.padding, 1, options.activation, options.use_bias,
                                false}};
    if (options.output_padding) geometry.output_padding = in_3d(*options.output_padding);
    return geometry;
  }

  [[gnu::cold]] Shape build(const Shape& input, LayerBuilder& builder) const {
    const Shape output = build_transpose(geometry(), input, builder);
    builder.weight(Weights::kernel, "kernel", geometry().convolution.kernel(filters, input.back()),
                   options.kernel_initializer, options.kernel_regularizer, options.kernel_constraint);
    request_bias(Weights::bias, filters, options, builder);
    builder.activity_regularizer(options.activity_regularizer);
    return output;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    transpose_forward(geometry(), step);
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    transpose_backward(geometry(), step);
  }

 protected:
  ConvolutionTranspose(std::int64_t outputs, Size window, ConvolutionTransposeOptions<Size> chosen)
      : filters(outputs), kernel_size(window), options(std::move(chosen)) {
    validate();
  }
  ConvolutionTranspose() : filters(1) {}
};

}  // namespace detail
}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/convolution_transpose-inl.hpp>
#endif
