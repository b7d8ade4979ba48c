#pragma once
// What SpatialDropout1D, SpatialDropout2D and SpatialDropout3D have in common.

#include <optional>
#include <string>
#include <utility>

#include <nacre/layers/noise.hpp>
#include <nacre/layers/spatial.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of SpatialDropout1D, SpatialDropout2D and SpatialDropout3D.
struct SpatialDropoutOptions {
  std::optional<std::int64_t> seed{};  ///< none: the model's
  std::string name{};

  void fields(Fields& list) {
    list("seed", seed);
    list("name", name);
  }
};

namespace detail {

/// What a layer `Self` that drops channels of so many axes as a whole has.
template <class Self, std::size_t axes>
struct SpatialDropout : Callable<Self> {
  SpatialDropout(double drop_rate, SpatialDropoutOptions chosen) : rate(drop_rate), options(std::move(chosen)) {
    validate();
  }
  SpatialDropout() = default;

  double rate = 0;
  SpatialDropoutOptions options;
  void fields(Fields& list) {
    list("rate", rate);
    options.fields(list);
  }

  void validate() const { require_rate(Self::type_name, rate, false); }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    build_noise(builder, rate == 0);
    builder.task_scratch(volume_of(axes, input).channels);
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    if (!step.training) return pass_through(step);
    drop(step, step.input.elements(), step.output.elements());
  }
  template <class T>
  void predict(const Forward<T>& step) const {
    pass_through(step);
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    const T* gradient = step.output_gradient.elements();
    drop(step, gradient, step.input_gradient.elements());
  }

 private:
  template <class T>
  void drop(const LayerStep<T>& step, const T* from, T* to) const {
    const NoiseShape noise{volume_shape(axes, 1, step.input.extents().back()), false};
    drop_together(step, random_of(step, options.seed), step.training ? rate : 0, noise, from, to);
  }
};

}  // namespace detail
}  // namespace nacre
