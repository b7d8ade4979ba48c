// The kernels of nacre::compiled, built once.

#include <nacre/kernels/attention-inl.hpp>
#include <nacre/kernels/convolution-inl.hpp>
#include <nacre/kernels/dense-inl.hpp>
#include <nacre/kernels/dropout-inl.hpp>
#include <nacre/kernels/elementwise-inl.hpp>
#include <nacre/kernels/functions-inl.hpp>
#include <nacre/kernels/gather-inl.hpp>
#include <nacre/kernels/image_change-inl.hpp>
#include <nacre/kernels/masked_normalization-inl.hpp>
#include <nacre/kernels/matmul-inl.hpp>
#include <nacre/kernels/normalization-inl.hpp>
#include <nacre/kernels/normals-inl.hpp>
#include <nacre/kernels/optimizers-inl.hpp>
#include <nacre/kernels/orthogonalize-inl.hpp>
#include <nacre/kernels/packed_product-inl.hpp>
#include <nacre/kernels/pooling-inl.hpp>
#include <nacre/kernels/recurrent-inl.hpp>
#include <nacre/kernels/reductions-inl.hpp>
#include <nacre/kernels/resize-inl.hpp>
#include <nacre/kernels/row_normalization-inl.hpp>
#include <nacre/kernels/softmax-inl.hpp>
#include <nacre/kernels/upsample-inl.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

#define NACRE_KERNEL(name)                    \
  template decltype(name<float>) name<float>; \
  template decltype(name<double>) name<double>

NACRE_KERNEL(conv2d_prepare_forward);
NACRE_KERNEL(conv2d_forward);
NACRE_KERNEL(conv2d_prepare_backward);
NACRE_KERNEL(conv2d_backward_input);
NACRE_KERNEL(conv2d_backward_kernel);
NACRE_KERNEL(conv2d_backward);
NACRE_KERNEL(conv2d_max_pool_forward);
NACRE_KERNEL(conv2d_max_pool_backward);
NACRE_KERNEL(dense_forward);
NACRE_KERNEL(dense_transpose);
NACRE_KERNEL(dense_backward_input);
NACRE_KERNEL(dense_backward_kernel);
NACRE_KERNEL(change_image);
NACRE_KERNEL(change_image_gradient);
NACRE_KERNEL(resize);
NACRE_KERNEL(resize_gradient);
NACRE_KERNEL(dropout);
NACRE_KERNEL(activate_rows);
NACRE_KERNEL(activation_rows_gradient);
NACRE_KERNEL(scale_shift);
NACRE_KERNEL(unary);
NACRE_KERNEL(unary_gradient);
NACRE_KERNEL(binary);
NACRE_KERNEL(choose);
NACRE_KERNEL(matmul);
NACRE_KERNEL(matmul_gradient_a);
NACRE_KERNEL(matmul_gradient_b);
NACRE_KERNEL(strided_matmul);
NACRE_KERNEL(transpose);
NACRE_KERNEL(attention_softmax);
NACRE_KERNEL(attention_softmax_gradient);
NACRE_KERNEL(pack_tasks);
NACRE_KERNEL(pack);
NACRE_KERNEL(multiply_packed);
NACRE_KERNEL(multiply_unpacked);
NACRE_KERNEL(multiply_transposed);
NACRE_KERNEL(lstm_cell);
NACRE_KERNEL(lstm_cell_gradient);
NACRE_KERNEL(gru_cell);
NACRE_KERNEL(gru_cell_gradient);
NACRE_KERNEL(batch_norm_statistics);
NACRE_KERNEL(batch_norm_forward);
NACRE_KERNEL(batch_norm_backward);
NACRE_KERNEL(batch_norm_backward_inference);
NACRE_KERNEL(masked_statistics);
NACRE_KERNEL(masked_statistics_gradient);
NACRE_KERNEL(channel_moments);
NACRE_KERNEL(merge_moments);
NACRE_KERNEL(normalize_rows);
NACRE_KERNEL(normalization_gradient_sums);
NACRE_KERNEL(normalization_gradient);
NACRE_KERNEL(sgd);
NACRE_KERNEL(sgd_momentum);
NACRE_KERNEL(rmsprop);
NACRE_KERNEL(adam);
NACRE_KERNEL(adagrad);
NACRE_KERNEL(adadelta);
NACRE_KERNEL(schedule_free_adamw);
NACRE_KERNEL(adamax);
NACRE_KERNEL(nadam);
NACRE_KERNEL(lion);
NACRE_KERNEL(ftrl);
NACRE_KERNEL(adafactor);
NACRE_KERNEL(adafactor_factored);
NACRE_KERNEL(lamb);
NACRE_KERNEL(orthogonalize);
NACRE_KERNEL(decay);
NACRE_KERNEL(accumulate);
NACRE_KERNEL(clip_value);
NACRE_KERNEL(scale);
NACRE_KERNEL(moving_average);
NACRE_KERNEL(max_pool_forward);
NACRE_KERNEL(max_pool_backward);
NACRE_KERNEL(average_pool_forward);
NACRE_KERNEL(average_pool_backward);
NACRE_KERNEL(global_max_pool_forward);
NACRE_KERNEL(global_max_pool_backward);
NACRE_KERNEL(global_average_pool_forward);
NACRE_KERNEL(global_average_pool_backward);
NACRE_KERNEL(normals);
NACRE_KERNEL(normalize_each_row);
NACRE_KERNEL(normalize_each_row_gradient);
NACRE_KERNEL(upsample_weights);
NACRE_KERNEL(upsample);
NACRE_KERNEL(upsample_gradient);
NACRE_KERNEL(column_sums);
NACRE_KERNEL(sum);
NACRE_KERNEL(sum_of_squares);
NACRE_KERNEL(add_partials);
NACRE_KERNEL(softmax);
NACRE_KERNEL(softmax_gradient);
NACRE_KERNEL(softmax_crossentropy);
NACRE_KERNEL(sparse_softmax_crossentropy);

#define NACRE_GATHER(Source)                                                                       \
  template void gather<float>(const Source*, std::int64_t, float scale, float offset, float* out); \
  template void gather<double>(const Source*, std::int64_t, double scale, double offset, double* out)

NACRE_GATHER(std::uint8_t);
NACRE_GATHER(std::int32_t);
NACRE_GATHER(float);
NACRE_GATHER(double);

/// The loops of nacre's own activations, to which tables in other files refer.
template <class T, class List>
struct OwnLoops;
template <class T, class... A>
struct OwnLoops<T, nacre::detail::ActivationList<A...>> {
  static const ActivationKernels<T> all[];
};
template <class T, class... A>
const ActivationKernels<T> OwnLoops<T, nacre::detail::ActivationList<A...>>::all[] = {
    {own_activation<T, A>, own_activation_gradient<T, A>}...};

template struct OwnLoops<float, nacre::detail::OwnActivations>;
template struct OwnLoops<double, nacre::detail::OwnActivations>;

}  // namespace nacre::kernels
