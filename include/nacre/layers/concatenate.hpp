#pragma once
// Concatenate: several inputs one behind the other.

#include <algorithm>
#include <string>

#include <nacre/core/axes.hpp>
#include <nacre/core/function_reference.hpp>
#include <nacre/layers/broadcasting.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Concatenate.
struct ConcatenateOptions {
  std::int64_t axis = -1;  ///< counted with the batch as axis 0, or from the end
  std::string name{};
  void fields(Fields& list) {
    list("axis", axis);
    list("name", name);
  }
};

/// Two inputs or more, one behind the other along an axis; their other extents are the same: `Concatenate()({a, b})`.
/// Masks are put one behind the other, too; inputs without one count as a whole. Along the last axis a step counts
/// where it does in any input.
struct Concatenate : Callable<Concatenate> {
  static constexpr std::string_view type_name = "Concatenate";
  Concatenate(ConcatenateOptions options = {});

  ConcatenateOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ShapeError for one input, for an axis that is not there, for the batch, and where other extents differ.
  Shape build(const Shapes& inputs, LayerBuilder& builder) const;

  template <class T>
  void forward(const Forward<T>& step) const {
    each_block(step, step.output.extents().from(1),
               [&](std::size_t input, std::int64_t at, std::int64_t to, std::int64_t count) {
                 std::copy_n(step.inputs[input].elements() + at, count, step.output.elements() + to);
               });
    if (step.output_mask()) write_mask(step);
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    each_block(step, step.output.extents().from(1),
               [&](std::size_t input, std::int64_t at, std::int64_t to, std::int64_t count) {
                 if (!step.wants_gradient(input)) return;
                 std::copy_n(step.output_gradient.elements() + to, count, step.input_gradients[input].elements() + at);
               });
  }

 private:
  template <class T>
  void write_mask(const Forward<T>& step) const {
    const MadeMask& mask = step.output_mask();
    std::fill_n(mask.values, step.output.extents().size() / mask.inner, std::uint8_t{0});
    each_block(step, step.output.extents().from(1),
               [&](std::size_t input, std::int64_t at, std::int64_t to, std::int64_t count) {
                 const Mask read = step.mask(input);
                 for (std::int64_t i = 0; i < count; ++i) {
                   if (read.counts(at + i)) mask.values[(to + i) / mask.inner] = 1;
                 }
               });
  }

  /// Calls `work(input, at, to, count)` for each block of memory that goes from an input to the output as a whole.
  template <class T>
  void each_block(
      const LayerStep<T>& step, const Shape& output,
      FunctionReference<void(std::size_t input, std::int64_t at, std::int64_t to, std::int64_t count)> work) const {
    const std::size_t axis = detail::sample_axis("concatenated", output, options.axis);
    const std::int64_t inner = output.from(axis + 1).size();
    const std::int64_t line = output[axis] * inner;
    const std::int64_t lines = output.size() / line;
    detail::each_sample(step, output.size(), [&](std::int64_t sample, T*) {
      for (std::int64_t number = sample * lines; number < (sample + 1) * lines; ++number) {
        std::int64_t to = number * line;
        for (std::size_t input = 0; input < step.inputs.size(); ++input) {
          const std::int64_t count = step.inputs[input].extents()[axis + 1] * inner;
          work(input, number * count, to, count);
          to += count;
        }
      }
    });
  }
};

inline Concatenate::Concatenate(ConcatenateOptions chosen) : options(std::move(chosen)) {}

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/concatenate-inl.hpp>
#endif
