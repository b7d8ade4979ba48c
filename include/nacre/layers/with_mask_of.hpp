#pragma once
// WithMaskOf: a tensor with the mask of another.

#include <algorithm>

#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// The first input with the mask of the second one, of which nothing else is used; none where its axes are not among
/// the first input's first ones. Costs nothing.
struct WithMaskOf : Callable<WithMaskOf> {
  static constexpr std::string_view type_name = "WithMaskOf";

  Shape build(const Shapes& inputs, LayerBuilder& builder) const {
    const Shape* mask = builder.input_mask(1);
    const bool fits =
        mask && mask->rank() <= inputs[0].rank() && std::equal(mask->begin(), mask->end(), inputs[0].begin());
    builder.share_input();
    if (fits) builder.pass_mask(1);
    builder.ignore_values(1);
    return inputs[0];
  }
  template <class T>
  void forward(const Forward<T>&) const {}
  template <class T>
  void backward(const Backward<T>&) const {}
};

}  // namespace nacre::detail
