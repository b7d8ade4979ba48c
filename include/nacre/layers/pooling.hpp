#pragma once
// What the pooling layers have in common, whatever the number of their axes.

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/kernels/pooling.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/spatial.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of MaxPooling1D, AveragePooling1D, ... with a size for as many axes.
template <class Size>
struct PoolingOptions {
  std::optional<Size> strides{};  ///< none: the size of the pool
  Padding padding = Padding::valid;
  std::string name{};

  void fields(Fields& list) {
    list("strides", strides);
    list("padding", padding);
    list("name", name);
  }
};

using Pooling1DOptions = PoolingOptions<Size1D>;
using Pooling2DOptions = PoolingOptions<Size2D>;
using Pooling3DOptions = PoolingOptions<Size3D>;

/// Options of GlobalMaxPooling1D, GlobalAveragePooling1D, ...
struct GlobalPoolingOptions {
  bool keepdims = false;  ///< whether the pooled axes stay, as 1
  std::string name{};

  void fields(Fields& list) {
    list("keepdims", keepdims);
    list("name", name);
  }
};

namespace detail {

/// The geometry of pooling samples of shape `input`. Throws ShapeError where no window fits.
kernels::PoolShape pool_shape(std::size_t axes, const Shape& input, const Size3D& pool, const Size3D& strides,
                              Padding padding);

template <class T>
void max_pool_forward(const Forward<T>& step, const kernels::PoolShape& shape) {
  step.parallel(step.batch(), [&](std::int64_t sample, T*) {
    kernels::max_pool_forward(shape, {sample, sample + 1}, step.input.elements(), step.output.elements());
  });
}
template <class T>
void max_pool_backward(const Backward<T>& step, const kernels::PoolShape& shape) {
  if (!step.wants_input_gradient) return;
  step.parallel(step.batch(), [&](std::int64_t sample, T*) {
    kernels::max_pool_backward(shape, {sample, sample + 1}, step.input.elements(), step.output.elements(),
                               step.output_gradient.elements(), step.input_gradient.elements());
  });
}

template <class T>
void average_pool_forward(const Forward<T>& step, const kernels::PoolShape& shape) {
  step.parallel(step.batch(), [&](std::int64_t sample, T*) {
    kernels::average_pool_forward(shape, {sample, sample + 1}, step.input.elements(), step.output.elements());
  });
}
template <class T>
void average_pool_backward(const Backward<T>& step, const kernels::PoolShape& shape) {
  if (!step.wants_input_gradient) return;
  step.parallel(step.batch(), [&](std::int64_t sample, T*) {
    kernels::average_pool_backward(shape, {sample, sample + 1}, step.output_gradient.elements(),
                                   step.input_gradient.elements());
  });
}

/// What a layer `Self` that pools windows of that size has.
template <class Self, class Size>
struct WindowPooling : Callable<Self> {
  WindowPooling(Size pool, PoolingOptions<Size> chosen) : pool_size(pool), options(std::move(chosen)) { validate(); }

  Size pool_size;
  PoolingOptions<Size> options;
  void fields(Fields& list) {
    list("pool_size", pool_size);
    options.fields(list);
  }

  [[gnu::cold]] void validate() const {
    pool_size.validate(Self::type_name, "pool_size");
    options.strides.value_or(pool_size).validate(Self::type_name, "strides");
    options.padding.require_not_causal(Self::type_name);
  }

  [[gnu::cold]] Shape build(const Shape& input, LayerBuilder&) const {
    const kernels::PoolShape shape = pool_shape(input);
    return volume_shape(axes_of<Size>, {shape.depth.positions, shape.height.positions, shape.width.positions},
                        shape.channels);
  }

  kernels::PoolShape pool_shape(const Shape& input) const {
    return detail::pool_shape(axes_of<Size>, input, in_3d(pool_size), in_3d(options.strides.value_or(pool_size)),
                              options.padding);
  }
  template <class T>
  kernels::PoolShape pool_shape(const LayerStep<T>& step) const {
    return pool_shape(step.input.extents().from(1));
  }
};

/// What a layer `Self` that pools all of so many axes has.
template <class Self, std::size_t axes>
struct GlobalPooling : Callable<Self> {
  GlobalPooling(GlobalPoolingOptions chosen) : options(std::move(chosen)) {}

  GlobalPoolingOptions options;
  void fields(Fields& list) { options.fields(list); }

  [[gnu::cold]] Shape output_shape(const Shape& input) const {
    const Volume volume = volume_of(axes, input);
    return options.keepdims ? volume_shape(axes, 1, volume.channels) : Shape{volume.channels};
  }
};

/// Channels of a step's input, and places that each has.
template <class T>
std::int64_t channels_of(const LayerStep<T>& step) {
  return step.input.extents().back();
}
template <class T>
std::int64_t places_of(const LayerStep<T>& step) {
  return step.input.sample_size() / channels_of(step);
}

template <class T>
void global_max_pool_forward(const Forward<T>& step) {
  step.parallel(step.batch(), [&](std::int64_t sample, T*) {
    kernels::global_max_pool_forward({sample, sample + 1}, places_of(step), channels_of(step), step.input.elements(),
                                     step.output.elements());
  });
}
template <class T>
void global_max_pool_backward(const Backward<T>& step) {
  if (!step.wants_input_gradient) return;
  step.parallel(step.batch(), [&](std::int64_t sample, T*) {
    kernels::global_max_pool_backward({sample, sample + 1}, places_of(step), channels_of(step), step.input.elements(),
                                      step.output.elements(), step.output_gradient.elements(),
                                      step.input_gradient.elements());
  });
}

template <class T>
void global_average_pool_forward(const Forward<T>& step) {
  step.parallel(step.batch(), [&](std::int64_t sample, T*) {
    kernels::global_average_pool_forward({sample, sample + 1}, places_of(step), channels_of(step),
                                         step.input.elements(), step.output.elements());
  });
}
template <class T>
void global_average_pool_backward(const Backward<T>& step) {
  if (!step.wants_input_gradient) return;
  step.parallel(step.batch(), [&](std::int64_t sample, T*) {
    kernels::global_average_pool_backward({sample, sample + 1}, places_of(step), channels_of(step),
                                          step.output_gradient.elements(), step.input_gradient.elements());
  });
}

}  // namespace detail
}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/pooling-inl.hpp>
#endif
