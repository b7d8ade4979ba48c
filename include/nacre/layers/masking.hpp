#pragma once
// Masking: leaves out steps of sequences that are filled up.

#include <algorithm>
#include <string>

#include <nacre/core/function_reference.hpp>
#include <nacre/layers/broadcasting.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Masking.
struct MaskingOptions {
  double mask_value = 0;  ///< what fills up sequences
  std::string name{};
  void fields(Fields& list) {
    list("mask_value", mask_value);
    list("name", name);
  }
};

/// Masks the steps of which all features are `mask_value`: they become zeros, and layers behind that know masks leave
/// them out, as the loss and the metrics do. Input and output (batch, steps, features), or any shape: what lies along
/// the last axis is a step. See docs/guides/masks.md for which layers pass a mask on.
struct Masking : Callable<Masking> {
  static constexpr std::string_view type_name = "Masking";
  Masking(MaskingOptions options = {});

  MaskingOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ShapeError for an input without axes.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    require<ShapeError>(input.rank() >= 1, "expected at least rank 1 (features), got ", input);
    builder.backward_reads({.inputs = false, .output = false});
    builder.make_mask(Shape(input.begin(), input.end() - 1));
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    const T hidden = static_cast<T>(options.mask_value);
    each_step(step, [&](std::int64_t index, std::int64_t features) {
      const T* x = step.input.elements() + index * features;
      const bool counts = std::any_of(x, x + features, [&](T value) { return value != hidden; });
      step.output_mask().values[index] = counts;
      copy_or_clear(counts, x, features, step.output.elements() + index * features);
    });
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    each_step(step, [&](std::int64_t index, std::int64_t features) {
      copy_or_clear(step.output_mask().values[index] != 0, step.output_gradient.elements() + index * features, features,
                    step.input_gradient.elements() + index * features);
    });
  }

 private:
  /// Calls `work(index, features)` for all steps of the batch.
  template <class T>
  static void each_step(const LayerStep<T>& step,
                        FunctionReference<void(std::int64_t index, std::int64_t features)> work) {
    const std::int64_t features = step.output.extents().back();
    const std::int64_t steps = step.output.sample_size() / features;
    detail::each_sample(step, steps * features, [&](std::int64_t sample, T*) {
      for (std::int64_t index = sample * steps; index < (sample + 1) * steps; ++index) work(index, features);
    });
  }

  template <class T>
  static void copy_or_clear(bool counts, const T* from, std::int64_t count, T* to) {
    if (counts) {
      std::copy_n(from, count, to);
    } else {
      std::fill_n(to, count, T(0));
    }
  }
};

inline Masking::Masking(MaskingOptions chosen) : options(std::move(chosen)) {}

}  // namespace nacre
