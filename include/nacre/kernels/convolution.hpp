#pragma once
// Two-dimensional convolution, its gradients, and convolution with ReLU and max-pooling in one pass. Samples are
// independent: a task is a range of them. What is computed for a sample depends neither on the range it is in nor on
// the thread, and nothing here allocates. A direct convolution: in NHWC each row of the kernel meets one contiguous run
// of pixels, so tiles of the output are products that need no im2col.

#include <cstdint>
#include <type_traits>

#include <nacre/core/compiled.hpp>
#include <nacre/core/range.hpp>
#include <nacre/kernels/activation.hpp>
#include <nacre/kernels/convolution/shape.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// Elements of scratch that a thread in one of the conv2d functions needs of its own.
std::int64_t conv2d_scratch(const Conv2DShape& shape);

/// Elements of what `conv2d_prepare_forward` makes; 0 where the shape makes do without.
std::int64_t conv2d_forward_prepared_size(const Conv2DShape& shape);

/// Transforms the kernel as the forward functions read it, once for each time the kernel has changed.
template <class T>
void conv2d_prepare_forward(const Conv2DShape& shape, const T* kernel, T* prepared);

/// Samples `samples` of output = activation(convolution(input, kernel) + bias [filters]). The pointers are those of the
/// whole batch, `prepared` is what `conv2d_prepare_forward` made of `kernel`. `bias` may be nullptr. `before`, where it
/// is not nullptr, receives what goes into the activation, in the extents of the output.
template <class T>
void conv2d_forward(const Conv2DShape& given, Range samples, const T* input, const T* kernel, const T* prepared,
                    const T* bias, const Activation& activation, T* output, T* scratch,
                    std::type_identity_t<T>* before = nullptr);

/// Elements of what `conv2d_prepare_backward` makes; 0 where the shape makes do without.
std::int64_t conv2d_prepared_size(const Conv2DShape& shape);

/// Lays the kernel out as `conv2d_backward_input` reads it, once for each time the kernel has changed. Its order
/// belongs to the chosen instruction set.
template <class T>
void conv2d_prepare_backward(const Conv2DShape& shape, const T* kernel, T* prepared);

/// Samples `samples` of the input's gradient, written, not added. `prepared` is what `conv2d_prepare_backward` made of
/// `kernel`.
template <class T>
void conv2d_backward_input(const Conv2DShape& given, Range samples, const T* output_gradient, const T* kernel,
                           const T* prepared, T* input_gradient, T* scratch);

/// Adds what samples `samples` contribute to the kernel's gradient, one after the other.
template <class T>
void conv2d_backward_kernel(const Conv2DShape& given, Range samples, const T* input, const T* output_gradient,
                            T* kernel_gradient, T* scratch);

/// Whether convolution, activation and a 2x2 max-pooling with stride 2 and no padding can be computed in one pass.
bool conv2d_max_pool_supported(const Conv2DShape& shape, const Activation& activation);

/// Elements of scratch that a thread in one of the conv2d_max_pool functions needs of its own.
std::int64_t conv2d_max_pool_scratch(const Conv2DShape& shape);

/// Samples `samples` of pooled [batch, out_height / 2, out_width / 2, filters] = the maximum of every 2x2 pixels of
/// activation(convolution(input, kernel) + bias); an odd last row or column is left out. `winner`, of the same extents,
/// receives which of the four was the maximum, counted along rows, the first among equals; with ReLU it is 4 where none
/// was above zero, so that no gradient passes. `winner` may be nullptr, `bias` too. `prepared` is what
/// `conv2d_prepare_forward` made of `kernel`.
template <class T>
void conv2d_max_pool_forward(const Conv2DShape& given, Range samples, const T* input, const T* kernel,
                             const T* prepared, const T* bias, const Activation& activation, T* pooled,
                             std::uint8_t* winner, T* scratch);

/// The backward pass of `conv2d_max_pool_forward` for samples `samples`, one after the other: adds to kernel_gradient
/// and to bias_gradient (nullptr: not wanted), and writes input_gradient (nullptr: not wanted; `kernel` and `prepared`
/// may be nullptr too then). A sample's gradient at full size exists in scratch only.
template <class T>
void conv2d_max_pool_backward(const Conv2DShape& given, Range samples, const T* input, const T* pooled_gradient,
                              const std::uint8_t* winner, const T* kernel, const T* prepared, T* kernel_gradient,
                              T* bias_gradient, T* input_gradient, T* scratch);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/convolution-inl.hpp>
#endif
