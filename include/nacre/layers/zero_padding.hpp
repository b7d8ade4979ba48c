#pragma once
// What ZeroPadding1D, ZeroPadding2D and ZeroPadding3D have in common.

#include <string>
#include <utility>

#include <nacre/layers/margins.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of ZeroPadding1D, ZeroPadding2D and ZeroPadding3D.
struct ZeroPaddingOptions {
  std::string name{};
  void fields(Fields& list) { list("name", name); }
};

namespace detail {

/// What a layer `Self` that puts zeros around as many axes has.
template <class Self, class Margins>
struct ZeroPadding : Callable<Self> {
  ZeroPadding(Margins cells, ZeroPaddingOptions chosen) : padding(cells), options(std::move(chosen)) { validate(); }

  Margins padding;
  ZeroPaddingOptions options;
  void fields(Fields& list) {
    list("padding", padding);
    options.fields(list);
  }

  [[gnu::cold]] void validate() const { validate_margins(Self::type_name, "padding", in_3d(padding)); }

  [[gnu::cold]] Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.backward_reads({.inputs = false, .output = false});
    const Volume volume = with_margins(volume_of(axes, input), in_3d(padding));
    const Shape output = volume_shape(axes, volume.size, volume.channels);
    require_addressable(output);
    return output;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    add_margins(step, outer(step), in_3d(padding), step.input.elements(), step.output.elements());
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    remove_margins(step, outer(step), in_3d(padding), static_cast<const T*>(step.output_gradient.elements()),
                   step.input_gradient.elements());
  }

 private:
  static constexpr std::size_t axes = axes_within<Margins>;

  template <class T>
  static Volume outer(const LayerStep<T>& step) {
    return volume_of(axes, step.output.extents().from(1));
  }
};

}  // namespace detail
}  // namespace nacre
