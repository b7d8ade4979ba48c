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
void clear_input_gradient(const PoolShape& shape, Range samples, T* input_gradient) {
  if (shape.covering() && !shape.overlapping()) return;
  std::fill_n(input_gradient + samples.first * shape.input_sample(), samples.size() * shape.input_sample(), T(0));
}

/// The whole of [positions, channels] as one window.
constexpr PoolShape global_pool(std::int64_t positions, std::int64_t channels) {
  return {.channels = channels, .width = {.size = positions, .pool = positions, .stride = positions}};
}

}  // namespace detail

template <class T>
void max_pool_forward(const PoolShape& shape, Range samples, const T* input, T* output) {
  NACRE_SIMD_CALL_NARROW(max_pool_forward<T>, shape, samples, input, output);
}

template <class T>
void max_pool_backward(const PoolShape& shape, Range samples, const T* input, const T* output, const T* output_gradient,
                       T* input_gradient) {
  detail::clear_input_gradient(shape, samples, input_gradient);
  NACRE_SIMD_CALL_NARROW(max_pool_backward<T>, shape, shape.overlapping(), samples, input, output, output_gradient,
                         input_gradient);
}

template <class T>
void average_pool_forward(const PoolShape& shape, Range samples, const T* input, T* output) {
  NACRE_SIMD_CALL_NARROW(average_pool_forward<T>, shape, samples, input, output);
}

template <class T>
void average_pool_backward(const PoolShape& shape, Range samples, const T* output_gradient, T* input_gradient) {
  detail::clear_input_gradient(shape, samples, input_gradient);
  NACRE_SIMD_CALL_NARROW(average_pool_backward<T>, shape, shape.overlapping(), samples, output_gradient,
                         input_gradient);
}

template <class T>
void global_max_pool_forward(Range samples, std::int64_t positions, std::int64_t channels, const T* input, T* output) {
  max_pool_forward(detail::global_pool(positions, channels), samples, input, output);
}

template <class T>
void global_max_pool_backward(Range samples, std::int64_t positions, std::int64_t channels, const T* input,
                              const T* output, const T* output_gradient, T* input_gradient) {
  max_pool_backward(detail::global_pool(positions, channels), samples, input, output, output_gradient, input_gradient);
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
