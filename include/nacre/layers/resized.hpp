#pragma once
// What layers that make pictures of another size have in common.

#include <nacre/kernels/resize.hpp>
#include <nacre/layers/layer_step.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// Resizes the pictures of a batch.
template <class T>
void resize_batch(const Forward<T>& step, const kernels::Resize& how) {
  step.parallel(step.batch(), [&](std::int64_t sample, T*) {
    kernels::resize(how, step.input.elements() + sample * step.input.sample_size(),
                    step.output.elements() + sample * step.output.sample_size());
  });
}

/// Writes the gradient by the input, where it is wanted.
template <class T>
void resize_batch_gradient(const Backward<T>& step, const kernels::Resize& how) {
  if (!step.wants_input_gradient) return;
  step.parallel(step.batch(), [&](std::int64_t sample, T*) {
    const T* out_gradient = step.output_gradient.elements() + sample * step.output_gradient.sample_size();
    kernels::resize_gradient(how, out_gradient,
                             step.input_gradient.elements() + sample * step.input_gradient.sample_size());
  });
}

}  // namespace nacre::detail
