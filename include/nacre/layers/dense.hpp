#pragma once
// Dense: the fully connected layer.

#include <string>

#include <nacre/constraints/constraints.hpp>
#include <nacre/initializers/initializers.hpp>
#include <nacre/kernels/dense.hpp>
#include <nacre/kernels/reductions.hpp>
#include <nacre/layers/activated.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/regularizers/regularizers.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Dense.
struct DenseOptions {
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

/// output = activation(input * kernel + bias). Input (batch, ..., inputs), output (batch, ..., units); kernel (inputs,
/// units), bias (units). An input with more axes than one is treated at each of its positions alike.
struct Dense : detail::EndsInActivation<Dense> {
  static constexpr std::string_view type_name = "Dense";

  /// Throws ValueError for fewer units than 1.
  explicit Dense(std::int64_t units, DenseOptions options = {});

  /// `Dense(10, relu)`: with an activation and no other option.
  template <std::convertible_to<Activation> A>
  Dense(std::int64_t units, A activation);

  /// What it asks for.
  enum class Weights { kernel, bias };
  enum class Scratch { transposed_gradient, bias_gradient };

  std::int64_t units;
  DenseOptions options;
  void fields(Fields& list) {
    list("units", units);
    options.fields(list);
  }

  void validate() const { require<ValueError>(units >= 1, "Dense: expected units of 1 or more, got ", units); }

  /// Throws ShapeError for an input without axes.
  [[gnu::cold]] Shape build(const Shape& input, LayerBuilder& builder) const {
    require<ShapeError>(input.rank() >= 1, "expected at least rank 1 (features), got ", input);
    const kernels::DenseShape shape{builder.batch() * input.size() / std::max<std::int64_t>(input.back(), 1),
                                    input.back(), units};
    Shape output(input.begin(), input.end() - 1);
    output.push_back(units);
    require_addressable(output);
    builder.weight(Weights::kernel, "kernel", {shape.inputs, units}, options.kernel_initializer,
                   options.kernel_regularizer, options.kernel_constraint);
    if (options.use_bias) {
      builder.weight(Weights::bias, "bias", {units}, options.bias_initializer, options.bias_regularizer,
                     options.bias_constraint);
    }
    builder.activity_regularizer(options.activity_regularizer);
    builder.pass_mask();
    detail::request_activation_input(builder, options.activation, output);
    if (builder.training()) {
      builder.scratch(Scratch::transposed_gradient, kernels::dense_transposed_size(shape));
      builder.scratch(Scratch::bias_gradient, units);
      builder.task_scratch(kernels::dense_tile_rows(shape) * units);
    }
    return output;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    const auto shape = kernel_shape(step);
    const T* bias = options.use_bias ? step.weight(Weights::bias).elements() : nullptr;
    const Activation& activation = options.activation;
    const Activation epilogue = activation.is_elementwise() ? activation : linear;
    T* output = step.output.elements();
    T* before = detail::activation_input(step, activation);
    step.parallel(kernels::dense_forward_tasks(shape), [&](std::int64_t task, T*) {
      kernels::dense_forward(shape, task, step.input.elements(), step.weight(Weights::kernel).elements(), bias,
                             epilogue, output, before);
    });
    if (activation.is_elementwise()) return;
    // A task may have written a part of a row.
    detail::for_each_run(
        step, activation, shape.rows, units, [&](std::int64_t first, std::int64_t rows, std::int64_t columns) {
          kernels::activate_rows(activation, rows, columns, static_cast<const T*>(output) + first, output + first);
        });
  }

  /// A task is a block of the kernel's rows: it computes these inputs' gradient, then tile by tile the rows' own, which
  /// the sink may use at once, since the old rows are no longer needed.
  template <class T>
  void backward(const Backward<T>& step) const {
    const auto shape = kernel_shape(step);
    const T* gradient = finish_output_gradient(step, shape);
    const std::int64_t tile_rows = kernels::dense_tile_rows(shape);
    step.parallel(kernels::dense_backward_tasks(shape), [&](std::int64_t task, T* tile) {
      const Range inputs = kernels::dense_backward_inputs(shape, task);
      if (step.wants_input_gradient) {
        kernels::dense_backward_input(shape, inputs, gradient, step.scratch(Scratch::transposed_gradient),
                                      step.weight(Weights::kernel).elements(), step.input_gradient.elements());
      }
      for (std::int64_t first = inputs.first; first < inputs.last; first += tile_rows) {
        const Range rows{first, std::min(first + tile_rows, inputs.last)};
        kernels::dense_backward_kernel(shape, rows, step.input.elements(), gradient, tile);
        step.sink(Weights::kernel, first * units, tile, rows.size() * units);
      }
    });
  }

 private:
  friend struct ConfigAccess;
  Dense() : units(1) {}

  template <class T>
  kernels::DenseShape kernel_shape(const LayerStep<T>& step) const {
    const std::int64_t inputs = step.input.extents().back();
    return {step.batch() * step.input.sample_size() / inputs, inputs, units};
  }

  /// Takes the activation's derivative into the output's gradient, hands over the bias' gradient and keeps a transposed
  /// copy for the product with the kernel: each a pass over blocks of columns.
  template <class T>
  const T* finish_output_gradient(const Backward<T>& step, const kernels::DenseShape& shape) const {
    T* gradient = step.output_gradient.elements();
    const Activation& activation = options.activation;
    const T* kept = detail::kept_for_activation(step, activation);
    if (!activation.is_elementwise()) {
      detail::for_each_run(
          step, activation, shape.rows, units, [&](std::int64_t first, std::int64_t rows, std::int64_t columns) {
            kernels::activation_rows_gradient(activation, rows, columns, kept + first,
                                              static_cast<const T*>(gradient) + first, gradient + first);
          });
    }
    const std::int64_t blocks = piece_count(units, 64);
    step.parallel(blocks, [&](std::int64_t block, T*) {
      const Range columns = piece(units, blocks, block);
      if (activation.is_elementwise() && activation != linear) {
        const std::int64_t runs = blocks == 1 ? 1 : shape.rows;
        const std::int64_t length = blocks == 1 ? shape.rows * units : columns.size();
        for (std::int64_t run = 0; run < runs; ++run) {
          const std::int64_t at = run * units + columns.first;
          kernels::activation_gradient(activation, length, kept + at, static_cast<const T*>(gradient) + at,
                                       gradient + at);
        }
      }
      if (options.use_bias) {
        kernels::column_sums(shape.rows, units, columns, static_cast<const T*>(gradient),
                             step.scratch(Scratch::bias_gradient));
        step.sink(Weights::bias, columns.first, step.scratch(Scratch::bias_gradient) + columns.first, columns.size());
      }
      if (step.wants_input_gradient) {
        kernels::dense_transpose(shape, columns, static_cast<const T*>(gradient),
                                 step.scratch(Scratch::transposed_gradient));
      }
    });
    return gradient;
  }
};

inline Dense::Dense(std::int64_t outputs, DenseOptions chosen) : units(outputs), options(std::move(chosen)) {
  validate();
}

template <std::convertible_to<Activation> A>
Dense::Dense(std::int64_t outputs, A activation) : Dense(outputs, DenseOptions{.activation = activation}) {}

}  // namespace nacre
