#pragma once
// EinsumDense: a product with weights along any axes.

#include <string>

#include <nacre/constraints/constraints.hpp>
#include <nacre/core/list.hpp>
#include <nacre/initializers/initializers.hpp>
#include <nacre/layers/activated.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/regularizers/regularizers.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of EinsumDense.
struct EinsumDenseOptions {
  Activation activation = linear;
  std::string bias_axes{};  ///< letters of the output's axes that a bias has; none: no bias
  AnyInitializer kernel_initializer = GlorotUniform();
  AnyInitializer bias_initializer = Zeros();
  AnyRegularizer kernel_regularizer{};
  AnyRegularizer bias_regularizer{};
  AnyRegularizer activity_regularizer{};  ///< a penalty for the output, summed over the batch
  AnyConstraint kernel_constraint{};
  AnyConstraint bias_constraint{};
  std::string name{};

  void fields(Fields& list) {
    list("activation", activation);
    list("bias_axes", bias_axes);
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

/// An equation with the extents of its axes.
struct EinsumPlan {
  Shape input{};   ///< of a sample
  Shape output{};  ///< of a sample
  Shape kernel{};
  Shape bias{};
  // Axes in an order in which the product is one of matrices: input (rows, depth), kernel (depth, columns), output
  // (rows, columns). The batch is axis 0 of input and output.
  Shape input_order{};
  Shape kernel_order{};
  Shape output_order{};
  Shape bias_of_output{};  ///< the bias' extents where all axes of the output stand, 1 where it has none
  std::int64_t rows = 1;   ///< of a sample
  std::int64_t depth = 1;
  std::int64_t columns = 1;
};

/// Throws ValueError for an equation that is none, ShapeError for an input that it does not fit.
EinsumPlan plan_einsum(const std::string& equation, const List<std::int64_t>& output_shape,
                       const std::string& bias_axes, const Shape& input);

}  // namespace detail

/// output = activation(einsum(equation, input, kernel) + bias): `EinsumDense("abc,cd->abd", {-1, 64}, {.bias_axes =
/// "d"})` is a Dense layer on each step. The equation has a letter for each axis of input, kernel and output, the batch
/// first, or "..." in place of the input's first ones; letters that input and kernel have and the output has not are
/// summed over. `output_shape` are the extents of the output behind the batch, -1 where the input says it.
struct EinsumDense : detail::EndsInActivation<EinsumDense> {
  static constexpr std::string_view type_name = "EinsumDense";

  EinsumDense(std::string equation, List<std::int64_t> output_shape, EinsumDenseOptions options = {});

  enum class Weights { kernel, bias };
  enum class Scratch { input, kernel, output, panels, gradient, kernel_gradient, sums };

  std::string equation;
  List<std::int64_t> output_shape;
  EinsumDenseOptions options;
  void fields(Fields& list) {
    list("equation", equation);
    list("output_shape", output_shape);
    options.fields(list);
  }

  /// Throws ValueError for an equation that is none, ShapeError for an input that it does not fit.
  Shape build(const Shape& input, LayerBuilder& builder) const;
  template <class T>
  void forward(const Forward<T>& step) const;
  template <class T>
  void backward(const Backward<T>& step) const;

 private:
  friend struct ConfigAccess;
  EinsumDense() = default;

  template <class T>
  detail::EinsumPlan plan_of(const LayerStep<T>& step) const {
    return detail::plan_einsum(equation, output_shape, options.bias_axes, step.input.extents().from(1));
  }
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/einsum_dense-inl.hpp>
#endif
