#pragma once
// Layers that merge several inputs into one, element by element: Add, Subtract, Multiply, Average, Maximum, Minimum.

#include <string>

#include <nacre/layers/layer.hpp>
#include <nacre/layers/merge.hpp>
#include <nacre/layers/merge_masks.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of the layers that merge.
struct MergeOptions {
  std::string name{};
  void fields(Fields& list) { list("name", name); }
};

namespace detail {

/// What they have in common. Inputs (batch, ...) broadcast as in numpy: where one has an axis of extent 1, it is
/// repeated; one of fewer axes gets axes of extent 1 behind the batch. The gradient of what was repeated is the sum.
/// Where all inputs have masks, a step of the output counts where it does in any of them.
template <class L>
struct MergingLayer : Callable<L> {
  MergingLayer(MergeOptions chosen) : options(std::move(chosen)) {}

  MergeOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ShapeError for fewer than two inputs and for shapes that do not broadcast.
  Shape build(const Shapes& inputs, LayerBuilder& builder) const {
    const Shape output = L::merge.build(inputs, builder);
    request_any_mask(inputs, output, builder);
    return output;
  }
  template <class T>
  void forward(const Forward<T>& step) const {
    L::merge.forward(step);
    write_any_mask(step);
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    L::merge.backward(step);
  }
};

}  // namespace detail

/// The sum of two inputs or more: `Add()({a, b})`, or `a + b`. Where all have the same shape its gradient costs
/// nothing.
struct Add : detail::MergingLayer<Add> {
  static constexpr std::string_view type_name = "Add";
  static constexpr detail::Merge merge{kernels::Binary::add};
  Add(MergeOptions options = {});
};

/// The first of two inputs minus the second: `Subtract()({a, b})`, or `a - b`. Throws ShapeError for more than two.
struct Subtract : detail::MergingLayer<Subtract> {
  static constexpr std::string_view type_name = "Subtract";
  static constexpr detail::Merge merge{kernels::Binary::subtract};
  Subtract(MergeOptions options = {});
};

/// The product of two inputs or more, element by element: `Multiply()({a, b})`, or `a * b`.
struct Multiply : detail::MergingLayer<Multiply> {
  static constexpr std::string_view type_name = "Multiply";
  static constexpr detail::Merge merge{kernels::Binary::multiply};
  Multiply(MergeOptions options = {});
};

/// The mean of two inputs or more.
struct Average : detail::MergingLayer<Average> {
  static constexpr std::string_view type_name = "Average";
  static constexpr detail::Merge merge{kernels::Binary::add, true};
  Average(MergeOptions options = {});
};

/// The largest of two inputs or more, element by element. Of equals the first has the gradient.
struct Maximum : detail::MergingLayer<Maximum> {
  static constexpr std::string_view type_name = "Maximum";
  static constexpr detail::Merge merge{kernels::Binary::maximum};
  Maximum(MergeOptions options = {});
};

/// The smallest of two inputs or more, element by element. Of equals the first has the gradient.
struct Minimum : detail::MergingLayer<Minimum> {
  static constexpr std::string_view type_name = "Minimum";
  static constexpr detail::Merge merge{kernels::Binary::minimum};
  Minimum(MergeOptions options = {});
};

inline Add::Add(MergeOptions chosen) : MergingLayer(std::move(chosen)) {}
inline Subtract::Subtract(MergeOptions chosen) : MergingLayer(std::move(chosen)) {}
inline Multiply::Multiply(MergeOptions chosen) : MergingLayer(std::move(chosen)) {}
inline Average::Average(MergeOptions chosen) : MergingLayer(std::move(chosen)) {}
inline Maximum::Maximum(MergeOptions chosen) : MergingLayer(std::move(chosen)) {}
inline Minimum::Minimum(MergeOptions chosen) : MergingLayer(std::move(chosen)) {}

}  // namespace nacre
