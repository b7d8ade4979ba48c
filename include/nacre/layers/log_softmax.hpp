#pragma once
// LogSoftmax: the logarithm of a softmax along an axis.

#include <algorithm>
#include <cmath>
#include <string>

#include <nacre/kernels/elementwise.hpp>
#include <nacre/kernels/functions.hpp>
#include <nacre/kernels/reductions.hpp>
#include <nacre/layers/axis_lines.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of LogSoftmax.
struct LogSoftmaxOptions {
  std::int64_t axis = -1;  ///< counted with the batch as axis 0, or from the end
  std::string name{};
  void fields(Fields& list) {
    list("axis", axis);
    list("name", name);
  }
};

/// output = input - log(sum(exp(input))) along an axis, of any shape: exact where a probability would be rounded to 0.
/// `ops::log_softmax` calls it.
struct LogSoftmax : Callable<LogSoftmax> {
  static constexpr std::string_view type_name = "LogSoftmax";
  LogSoftmax(LogSoftmaxOptions options = {});

  LogSoftmaxOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ShapeError for an axis that a sample does not have.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.task_scratch(2 * input[detail::sample_axis("normalized over", input, options.axis)]);
    builder.backward_reads({.inputs = false, .output = true});
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    detail::each_line(step, options.axis, [&](const detail::AxisLine& line, T* x) {
      T* powers = x + line.length;
      line.read(step.input.elements(), x);
      const T largest = *std::max_element(x, x + line.length);
      kernels::scale_shift(line.length, static_cast<const T*>(x), T(1), -largest, x);
      kernels::unary(kernels::Unary::exp, line.length, static_cast<const T*>(x), powers);
      const T sum = static_cast<T>(std::log(kernels::sum(line.length, static_cast<const T*>(powers))));
      kernels::scale_shift(line.length, static_cast<const T*>(x), T(1), -sum, x);
      line.write(static_cast<const T*>(x), step.output.elements());
    });
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    detail::each_line(step, options.axis, [&](const detail::AxisLine& line, T* p) {
      T* gradient = p + line.length;
      line.read(static_cast<const T*>(step.output.elements()), p);
      line.read(static_cast<const T*>(step.output_gradient.elements()), gradient);
      kernels::unary(kernels::Unary::exp, line.length, static_cast<const T*>(p), p);
      const T sum = static_cast<T>(kernels::sum(line.length, static_cast<const T*>(gradient)));
      for (std::int64_t i = 0; i < line.length; ++i) gradient[i] -= p[i] * sum;
      line.write(static_cast<const T*>(gradient), step.input_gradient.elements());
    });
  }
};

inline LogSoftmax::LogSoftmax(LogSoftmaxOptions chosen) : options(std::move(chosen)) {}

}  // namespace nacre
