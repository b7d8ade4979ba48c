#pragma once
// Softmax: exponentials that sum to 1 along an axis.

#include <string>

#include <nacre/kernels/softmax.hpp>
#include <nacre/layers/activation.hpp>
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

/// output = exp(input) / sum(exp(input)) along an axis, of any shape.
struct Softmax : Callable<Softmax> {
  static constexpr std::string_view type_name = "Softmax";
  Softmax(SoftmaxOptions options = {});

  SoftmaxOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ShapeError for an axis that a sample does not have.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.task_scratch(3 * input[sample_axis(input)]);
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    each_line(step, [&](const Line& line, T* memory) {
      line.read(step.input.elements(), memory);
      kernels::softmax(1, line.length, static_cast<const T*>(memory), memory);
      line.write(memory, step.output.elements());
    });
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    each_line(step, [&](const Line& line, T* memory) {
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
  /// The elements along the axis at one place of the others.
  struct Line {
    std::int64_t first;
    std::int64_t stride;
    std::int64_t length;

    template <class T>
    void read(const T* tensor, T* line) const {
      for (std::int64_t i = 0; i < length; ++i) line[i] = tensor[first + i * stride];
    }
    template <class T>
    void write(const T* line, T* tensor) const {
      for (std::int64_t i = 0; i < length; ++i) tensor[first + i * stride] = line[i];
    }
  };

  std::size_t sample_axis(const Shape& sample) const {
    const auto rank = static_cast<std::int64_t>(sample.rank());
    const std::int64_t axis = options.axis < 0 ? rank + options.axis : options.axis - 1;
    if (axis < 0 || axis >= rank) {  // every step comes here, and must not build the text
      throw ShapeError(text("expected an input that has axis ", options.axis, ", got ", sample.to_string_with_batch()));
    }
    return static_cast<std::size_t>(axis);
  }

  template <class T, class Act>
  void each_line(const LayerStep<T>& step, Act act) const {
    const Shape sample = step.input.extents().from(1);
    const std::size_t axis = sample_axis(sample);
    const std::int64_t stride = sample.from(axis + 1).size();
    const std::int64_t block = stride * sample[axis];
    step.parallel(step.batch(), [&](std::int64_t index, T* memory) {
      const std::int64_t end = (index + 1) * sample.size();
      for (std::int64_t first = index * sample.size(); first < end; first += block) {
        for (std::int64_t inner = 0; inner < stride; ++inner) act(Line{first + inner, stride, sample[axis]}, memory);
      }
    });
  }
};

inline Softmax::Softmax(SoftmaxOptions chosen) : options(std::move(chosen)) {}

}  // namespace nacre
