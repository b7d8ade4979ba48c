#pragma once
// ReverseSteps: a sequence from its end to its beginning.

#include <algorithm>

#include <nacre/layers/broadcasting.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// Input (batch, steps, ...), output the same, the last step first; a mask of steps is reversed, too.
struct ReverseSteps : Callable<ReverseSteps> {
  static constexpr std::string_view type_name = "ReverseSteps";

  /// Throws ShapeError for samples without steps.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    require<ShapeError>(input.rank() >= 1, "expected a sequence, got ", input);
    builder.backward_reads({.inputs = false, .output = false});
    const Shape* mask = builder.input_mask();
    if (mask != nullptr && mask->rank() == 1) {
      builder.read_mask();
      builder.make_mask(*mask);
    }
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    reverse(step, step.input.elements(), step.output.elements());
    if (!step.output_mask()) return;
    const std::int64_t steps = step.input.extents()[1];
    for (std::int64_t sample = 0; sample < step.batch(); ++sample) {
      const std::uint8_t* from = step.mask().values + sample * steps;
      std::reverse_copy(from, from + steps, step.output_mask().values + sample * steps);
    }
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    reverse(step, static_cast<const T*>(step.output_gradient.elements()), step.input_gradient.elements());
  }

 private:
  template <class T>
  static void reverse(const LayerStep<T>& step, const T* from, T* to) {
    const std::int64_t steps = step.input.extents()[1];
    const std::int64_t size = step.input.sample_size() / steps;
    each_sample(step, steps * size, [&](std::int64_t sample, T*) {
      for (std::int64_t t = 0; t < steps; ++t) {
        std::copy_n(from + (sample * steps + t) * size, size, to + (sample * steps + steps - 1 - t) * size);
      }
    });
  }
};

}  // namespace nacre::detail
