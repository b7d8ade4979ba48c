#pragma once
// The lines of a tensor along one of its axes, for what works on each of them alone.

#include <cstdint>

#include <nacre/core/axes.hpp>
#include <nacre/core/function_reference.hpp>
#include <nacre/layers/layer_step.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// The elements along an axis at one place of the others.
struct AxisLine {
  std::int64_t first;
  std::int64_t stride;
  std::int64_t length;

  template <class T>
  void read(const T* tensor, T* line) const {
    for (std::int64_t i = 0; i < length; ++i) line[i] = tensor[first + i * stride];
  }
  template <class T>
  void write(const T* line, T* tensor) const {
    for (std::int64_t i = 0; i < length; ++i) tensor[first + i * stride] = line[i];
  }
};

/// Calls `act(line, scratch)` for all lines of a batch along `axis`, a sample in each task.
template <class T>
void each_line(const LayerStep<T>& step, std::int64_t axis,
               FunctionReference<void(const AxisLine& line, std::type_identity_t<T>* scratch)> act) {
  const Shape sample = step.input.extents().from(1);
  const std::size_t along = sample_axis("normalized over", sample, axis);
  const std::int64_t stride = sample.from(along + 1).size();
  const std::int64_t block = stride * sample[along];
  step.parallel(step.batch(), [&](std::int64_t index, T* memory) {
    const std::int64_t end = (index + 1) * sample.size();
    for (std::int64_t first = index * sample.size(); first < end; first += block) {
      for (std::int64_t inner = 0; inner < stride; ++inner) act(AxisLine{first + inner, stride, sample[along]}, memory);
    }
  });
}

}  // namespace nacre::detail
