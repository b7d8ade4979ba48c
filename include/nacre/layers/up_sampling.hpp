#pragma once
// What UpSampling1D, UpSampling2D and UpSampling3D have in common: each cell several times.

#include <algorithm>
#include <string>
#include <utility>

#include <nacre/kernels/optimizers.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/spatial.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of UpSampling1D and UpSampling3D.
struct UpSamplingOptions {
  std::string name{};
  void fields(Fields& list) { list("name", name); }
};

namespace detail {

/// A sample with each cell of `from` as often as `times` says, along each axis.
template <class T>
void repeat_cells(const Volume& volume, const Size3D& times, const T* from, T* to) {
  const std::int64_t row = volume.size.width * times.width * volume.channels;
  const std::int64_t plane = volume.size.height * times.height * row;
  for (std::int64_t z = 0; z < volume.size.depth; ++z) {
    T* first_plane = to;
    for (std::int64_t y = 0; y < volume.size.height; ++y) {
      T* first_row = to;
      for (std::int64_t x = 0; x < volume.size.width; ++x, from += volume.channels) {
        for (std::int64_t i = 0; i < times.width; ++i) to = std::copy_n(from, volume.channels, to);
      }
      for (std::int64_t i = 1; i < times.height; ++i) to = std::copy_n(first_row, row, to);
    }
    for (std::int64_t i = 1; i < times.depth; ++i) to = std::copy_n(first_plane, plane, to);
  }
}

/// The sums of the gradients of what a cell has become.
template <class T>
void sum_cells(const Volume& volume, const Size3D& times, const T* from, T* to) {
  std::fill_n(to, volume.elements(), T(0));
  const std::int64_t row = volume.size.width * volume.channels;
  for (std::int64_t z = 0; z < volume.size.depth * times.depth; ++z) {
    for (std::int64_t y = 0; y < volume.size.height * times.height; ++y) {
      T* sums = to + (z / times.depth * volume.size.height + y / times.height) * row;
      for (std::int64_t x = 0; x < volume.size.width; ++x, sums += volume.channels) {
        for (std::int64_t i = 0; i < times.width; ++i, from += volume.channels) {
          kernels::accumulate(volume.channels, sums, from);
        }
      }
    }
  }
}

/// The shape of a sample that is so many times as large.
template <class Size>
[[gnu::cold]] Shape enlarged(const Shape& input, const Size& times) {
  const Volume volume = volume_of(axes_of<Size>, input);
  const Size3D by = in_3d(times);
  const Shape output = volume_shape(
      axes_of<Size>, {volume.size.depth * by.depth, volume.size.height * by.height, volume.size.width * by.width},
      volume.channels);
  require_addressable(output);
  return output;
}

template <class T, class Size>
void repeat_forward(const Forward<T>& step, const Size& times) {
  const Volume volume = volume_of(axes_of<Size>, step.input.extents().from(1));
  step.parallel(step.batch(), [&](std::int64_t sample, T*) {
    repeat_cells(volume, in_3d(times), step.input.elements() + sample * volume.elements(),
                 step.output.elements() + sample * step.output.sample_size());
  });
}

template <class T, class Size>
void repeat_backward(const Backward<T>& step, const Size& times) {
  if (!step.wants_input_gradient) return;
  const Volume volume = volume_of(axes_of<Size>, step.input.extents().from(1));
  step.parallel(step.batch(), [&](std::int64_t sample, T*) {
    sum_cells(volume, in_3d(times),
              static_cast<const T*>(step.output_gradient.elements()) + sample * step.output.sample_size(),
              step.input_gradient.elements() + sample * volume.elements());
  });
}

/// What a layer `Self` that repeats the cells of as many axes has.
template <class Self, class Size>
struct UpSampling : Callable<Self> {
  UpSampling(Size times, UpSamplingOptions chosen) : size(times), options(std::move(chosen)) { validate(); }

  Size size;
  UpSamplingOptions options;
  void fields(Fields& list) {
    list("size", size);
    options.fields(list);
  }

  void validate() const { size.validate(Self::type_name, "size"); }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.backward_reads({.inputs = false, .output = false});
    return enlarged(input, size);
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    repeat_forward(step, size);
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    repeat_backward(step, size);
  }
};

}  // namespace detail
}  // namespace nacre
