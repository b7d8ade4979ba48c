#pragma once
// What Cropping1D, Cropping2D and Cropping3D have in common.

#include <string>
#include <utility>

#include <nacre/layers/margins.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Cropping1D, Cropping2D and Cropping3D.
struct CroppingOptions {
  std::string name{};
  void fields(Fields& list) { list("name", name); }
};

namespace detail {

/// What a layer `Self` that takes cells away around as many axes has.
template <class Self, class Margins>
struct Cropping : Callable<Self> {
  Cropping(Margins cells, CroppingOptions chosen) : cropping(cells), options(std::move(chosen)) { validate(); }

  Margins cropping;
  CroppingOptions options;
  void fields(Fields& list) {
    list("cropping", cropping);
    options.fields(list);
  }

  [[gnu::cold]] void validate() const { validate_margins(Self::type_name, "cropping", in_3d(cropping)); }

  [[gnu::cold]] Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.backward_reads({.inputs = false, .output = false});
    const Volume volume = without_margins(volume_of(axes, input), in_3d(cropping));
    require<ShapeError>(volume.size.depth > 0 && volume.size.height > 0 && volume.size.width > 0,
                        "expected an input of which cropping ", to_config_value(cropping), " leaves something, got ",
                        input);
    return volume_shape(axes, volume.size, volume.channels);
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    remove_margins(step, outer(step), in_3d(cropping), step.input.elements(), step.output.elements());
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    add_margins(step, outer(step), in_3d(cropping), static_cast<const T*>(step.output_gradient.elements()),
                step.input_gradient.elements());
  }

 private:
  static constexpr std::size_t axes = axes_within<Margins>;

  template <class T>
  static Volume outer(const LayerStep<T>& step) {
    return volume_of(axes, step.input.extents().from(1));
  }
};

}  // namespace detail
}  // namespace nacre
