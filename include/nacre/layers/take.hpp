#pragma once
// Take: some of the elements along an axis, by their numbers.

#include <algorithm>
#include <string>

#include <nacre/core/axes.hpp>
#include <nacre/core/function_reference.hpp>
#include <nacre/core/list.hpp>
#include <nacre/layers/broadcasting.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Take.
struct TakeOptions {
  std::int64_t axis = -1;  ///< counted with the batch as axis 0, or from the end
  std::string name{};
  void fields(Fields& list) {
    list("axis", axis);
    list("name", name);
  }
};

/// The elements of those numbers along an axis, in that order; negative numbers count from the end, and one may be
/// there several times: its gradients are added. Of integers they are integers. `ops::take` calls it.
struct Take : Callable<Take> {
  static constexpr std::string_view type_name = "Take";
  explicit Take(List<std::int64_t> indices, TakeOptions options = {});

  List<std::int64_t> indices;
  TakeOptions options;
  void fields(Fields& list) {
    list("indices", indices);
    options.fields(list);
  }

  /// Throws ShapeError for an axis or an element that is not there, and for the batch.
  [[gnu::cold]] Shape build(const Shape& input, LayerBuilder& builder) const {
    const std::size_t axis = detail::sample_axis("taken from", input, options.axis);
    require<ValueError>(!indices.empty(), "expected one index or more, got none");
    for (std::int64_t index : indices) {
      require<ShapeError>(index >= -input[axis] && index < input[axis], "expected indices below ", input[axis],
                          ", the extent of axis ", options.axis, ", got ", index);
    }
    builder.backward_reads({.inputs = false, .output = false});
    if (builder.take_integers()) builder.make_integers();
    Shape output;
    for (std::size_t other = 0; other < input.rank(); ++other) {
      output.push_back(other == axis ? static_cast<std::int64_t>(indices.size()) : input[other]);
    }
    return output;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    if (const std::int32_t* numbers = step.integers()) {
      take(step, numbers, step.output_integers());
    } else {
      take(step, step.input.elements(), step.output.elements());
    }
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    each_line(step, [&](std::int64_t input, std::int64_t output, std::int64_t extent, std::int64_t inner) {
      std::fill_n(step.input_gradient.elements() + input, extent * inner, T(0));
      for (std::int64_t index : indices) {
        const std::int64_t to = input + (index < 0 ? index + extent : index) * inner;
        const T* gradient = step.output_gradient.elements() + output;
        detail::add_tile(inner, gradient, true, step.input_gradient.elements() + to);
        output += inner;
      }
    });
  }

 private:
  friend struct ConfigAccess;
  Take() = default;

  template <class T, class Number>
  void take(const LayerStep<T>& step, const Number* from, Number* to) const {
    each_line(step, [&](std::int64_t input, std::int64_t output, std::int64_t extent, std::int64_t inner) {
      for (std::int64_t index : indices) {
        std::copy_n(from + input + (index < 0 ? index + extent : index) * inner, inner, to + output);
        output += inner;
      }
    });
  }

  /// Calls `work(input, output, extent, inner)` for each place of the axes before the axis, with where its elements
  /// begin.
  template <class T>
  void each_line(
      const LayerStep<T>& step,
      FunctionReference<void(std::int64_t input, std::int64_t output, std::int64_t extent, std::int64_t inner)> work)
      const {
    const Shape sample = step.input.extents().from(1);
    const std::size_t axis = detail::sample_axis("taken from", sample, options.axis);
    const std::int64_t inner = sample.from(axis + 1).size();
    const std::int64_t lines = sample.size() / (sample[axis] * inner);
    const auto taken = static_cast<std::int64_t>(indices.size());
    detail::each_sample(step, sample.size(), [&](std::int64_t number, T*) {
      for (std::int64_t line = number * lines; line < (number + 1) * lines; ++line) {
        work(line * sample[axis] * inner, line * taken * inner, sample[axis], inner);
      }
    });
  }
};

inline Take::Take(List<std::int64_t> numbers, TakeOptions chosen)
    : indices(std::move(numbers)), options(std::move(chosen)) {}

}  // namespace nacre
