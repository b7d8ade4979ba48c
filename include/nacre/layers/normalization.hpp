#pragma once
// Normalization: features with mean 0 and variance 1, by a mean and a variance that are known before training.

#include <cstdint>
#include <string>
#include <vector>

#include <nacre/core/axes.hpp>
#include <nacre/core/compiled.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Normalization.
struct NormalizationOptions {
  Axes axis{-1};                   ///< along which each place has a mean of its own; {}: one mean for all
  std::vector<double> mean{};      ///< one for each place of these axes, or one for all; none: `adapt` finds it
  std::vector<double> variance{};  ///< the same
  bool invert = false;             ///< whether it turns normalized features back
  std::string name{};
  void fields(Fields& list) {
    list("axis", axis);
    list("mean", mean);
    list("variance", variance);
    list("invert", invert);
    list("name", name);
  }
};

/// output = (input - mean) / max(sqrt(variance), 1e-7), or with `invert` input * max(sqrt(variance), 1e-7) + mean, of
/// any shape. Mean and variance are options, of which training changes nothing:
///
///     Normalization normalize;
///     adapt(normalize, data);  // data/adapt.hpp
///     Sequential model{normalize, Dense(1)};
struct Normalization : Callable<Normalization> {
  static constexpr std::string_view type_name = "Normalization";

  /// Throws ValueError for a mean without a variance, for other numbers of them, and for a variance below 0.
  Normalization(NormalizationOptions options = {});

  NormalizationOptions options;
  void fields(Fields& list) { options.fields(list); }
  void validate() const;

  /// Throws ShapeError for axes that are not there and for a mean of another number of places, StateError without one.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.backward_reads({.inputs = false, .output = false});
    builder.pass_mask();
    builder.scratch(Scratch::factor, period(input));
    builder.scratch(Scratch::shift, period(input));
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    const std::int64_t count = expand(step, step.input.extents().from(1));
    const T* factor = step.scratch(Scratch::factor);
    const T* shift = step.scratch(Scratch::shift);
    rows(step, count, [&](std::int64_t first) {
      const T* from = step.input.elements() + first;
      T* to = step.output.elements() + first;
      for (std::int64_t i = 0; i < count; ++i) to[i] = from[i] * factor[i] + shift[i];
    });
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    const std::int64_t count = expand(step, step.input_gradient.extents().from(1));
    const T* factor = step.scratch(Scratch::factor);
    rows(step, count, [&](std::int64_t first) {
      const T* from = step.output_gradient.elements() + first;
      T* to = step.input_gradient.elements() + first;
      for (std::int64_t i = 0; i < count; ++i) to[i] = from[i] * factor[i];
    });
  }

  /// Which of the means each of the first elements of a sample has; after as many it begins again. Sets how many means
  /// there are. Throws ShapeError for axes that are not there.
  std::vector<std::int64_t> places(const Shape& sample, std::int64_t& count) const;

 private:
  enum class Scratch { factor, shift };

  /// After how many elements of a sample means come again. Checks the means that there are.
  std::int64_t period(const Shape& sample) const;

  /// Writes factor and shift of each element of a period, and returns how many there are.
  template <class T>
  std::int64_t expand(const LayerStep<T>& step, const Shape& sample) const {
    return expand_to(sample, step.scratch(Scratch::factor), step.scratch(Scratch::shift));
  }
  template <class T>
  std::int64_t expand_to(const Shape& sample, T* factor, T* shift) const;

  /// Calls `work(first)` for the rows of `count` elements of a batch.
  template <class T, class Work>
  static void rows(const LayerStep<T>& step, std::int64_t count, Work work) {
    const std::int64_t all = step.batch() * step.output.sample_size() / count;
    const std::int64_t pieces = piece_count(all, 1 + 4096 / count);
    step.parallel(pieces, [&](std::int64_t index, T*) {
      const Range range = piece(all, pieces, index);
      for (std::int64_t row = range.first; row < range.last; ++row) work(row * count);
    });
  }
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/normalization-inl.hpp>
#endif
