#pragma once
// Softmax: exponentials that sum to 1 along an axis.

#include <string>

#include <nacre/kernels/softmax.hpp>
#include <nacre/layers/activation.hpp>
#include <nacre/layers/axis_lines.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Softmax.
struct SoftmaxOptions {
  std::int64_t axis = -1;  ///< counted with the batch as axis 0, or from the end
  std::string name{};
  void fields(Fields& list) {
    list("axis", axis);
    list("name", name);
  }
};

/// output = exp(input) / sum(exp(input)) along an axis, of any shape. What a mask leaves out becomes 0 and is no part
/// of the sum, but along lines of which it leaves nothing.
struct Softmax : Callable<Softmax> {
  static constexpr std::string_view type_name = "Softmax";
  Softmax(SoftmaxOptions options = {});

  SoftmaxOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ShapeError for an axis that a sample does not have.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.read_mask();
    builder.pass_mask();
    builder.task_scratch(3 * input[detail::sample_axis("normalized over", input, options.axis)]);
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    const Mask mask = step.mask();
    detail::each_line(step, options.axis, [&](const detail::AxisLine& line, T* memory) {
      line.read(step.input.elements(), memory);
      if (mask) leave_out(mask, line, memory);
      kernels::softmax(1, line.length, static_cast<const T*>(memory), memory);
      line.write(memory, step.output.elements());
    });
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    detail::each_line(step, options.axis, [&](const detail::AxisLine& line, T* memory) {
      T* gradient = memory + line.length;
      T* result = gradient + line.length;
      line.read(static_cast<const T*>(step.output.elements()), memory);
      line.read(static_cast<const T*>(step.output_gradient.elements()), gradient);
      kernels::softmax_gradient(1, line.length, static_cast<const T*>(memory), static_cast<const T*>(gradient), result);
      line.write(result, step.input_gradient.elements());
    });
  }

  Activation final_activation() const { return options.axis == -1 ? softmax : linear; }
  ActivationLayer without_activation() const { return ActivationLayer(linear); }

 private:
  template <class T>
  static void leave_out(const Mask& mask, const detail::AxisLine& line, T* values) {
    const auto counts = [&](std::int64_t i) { return mask.counts(line.first + i * line.stride); };
    bool any = false;
    for (std::int64_t i = 0; i < line.length && !any; ++i) any = counts(i);
    if (!any) return;
    for (std::int64_t i = 0; i < line.length; ++i) {
      if (!counts(i)) values[i] += T(-1e9);  // as Keras does, whose exponential is 0
    }
  }
};

inline Softmax::Softmax(SoftmaxOptions chosen) : options(std::move(chosen)) {}

}  // namespace nacre
