#pragma once
// The bodies of pooling.hpp.

#include <algorithm>
#include <limits>

#include <nacre/kernels/pooling.hpp>
#include <nacre/kernels/simd/math.hpp>

#define NACRE_SIMD_NARROW
#define NACRE_SIMD_SOURCE <nacre/kernels/simd/pooling.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

namespace detail {

/// Zeros where windows add up, and where no window writes.
template <class T>
void clear_input_gradient(const Pool2DShape& shape, Range samples, T* input_gradient) {
  if (shape.covering() && !shape.overlapping()) return;
  std::fill_n(input_gradient + samples.first * shape.input_sample(), samples.size() * shape.input_sample(), T(0));
}

/// The whole of [positions, channels] as one window.
constexpr Pool2DShape global_pool(std::int64_t batch, std::int64_t positions, std::int64_t channels) {
  return {.batch = batch,
          .height = 1,
          .width = positions,
          .channels = channels,
          .pool_height = 1,
          .pool_width = positions,
          .stride_height = 1,
          .stride_width = positions,
          .out_height = 1,
          .out_width = 1};
}

}  // namespace detail

template <class T>
void max_pool2d_forward(const Pool2DShape& shape, Range samples, const T* input, T* output) {
  NACRE_SIMD_CALL_NARROW(max_pool2d_forward<T>, shape, samples, input, output);
}

template <class T>
void max_pool2d_backward(const Pool2DShape& shape, Range samples, const T* input, const T* output,
                         const T* output_gradient, T* input_gradient) {
  detail::clear_input_gradient(shape, samples, input_gradient);
  NACRE_SIMD_CALL_NARROW(max_pool2d_backward<T>, shape, shape.overlapping(), samples, input, output, output_gradient,
                         input_gradient);
}

template <class T>
void average_pool2d_forward(const Pool2DShape& shape, Range samples, const T* input, T* output) {
  NACRE_SIMD_CALL_NARROW(average_pool2d_forward<T>, shape, samples, input, output);
}

template <class T>
void average_pool2d_backward(const Pool2DShape& shape, Range samples, const T* output_gradient, T* input_gradient) {
  detail::clear_input_gradient(shape, samples, input_gradient);
  NACRE_SIMD_CALL_NARROW(average_pool2d_backward<T>, shape, shape.overlapping(), samples, output_gradient,
                         input_gradient);
}

template <class T>
void global_max_pool_forward(Range samples, std::int64_t positions, std::int64_t channels, const T* input, T* output) {
  max_pool2d_forward(detail::global_pool(samples.last, positions, channels), samples, input, output);
}

template <class T>
void global_max_pool_backward(Range samples, std::int64_t positions, std::int64_t channels, const T* input,
                              const T* output, const T* output_gradient, T* input_gradient) {
  max_pool2d_backward(detail::global_pool(samples.last, positions, channels), samples, input, output, output_gradient,
                      input_gradient);
}

template <class T>
void global_average_pool_forward(Range samples, std::int64_t positions, std::int64_t channels, const T* input,
                                 T* output) {
  NACRE_SIMD_CALL_NARROW(global_average_pool_forward<T>, samples, positions, channels, input, output);
}

template <class T>
void global_average_pool_backward(Range samples, std::int64_t positions, std::int64_t channels,
                                  const T* output_gradient, T* input_gradient) {
  NACRE_SIMD_CALL_NARROW(global_average_pool_backward<T>, samples, positions, channels, output_gradient,
                         input_gradient);
}

}  // namespace nacre::kernels
