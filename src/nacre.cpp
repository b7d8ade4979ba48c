// What nacre::compiled holds besides its kernels and reports.

#include <nacre/callbacks/csv_logger-inl.hpp>
#include <nacre/callbacks/monitor-inl.hpp>
#include <nacre/core/atomic_file-inl.hpp>
#include <nacre/core/available_cores-inl.hpp>
#include <nacre/core/thread_pool-inl.hpp>
#include <nacre/nacre.hpp>

#include <nacre/constraints/constraints-inl.hpp>
#include <nacre/core/any-inl.hpp>
#include <nacre/core/config-inl.hpp>
#include <nacre/core/fields-inl.hpp>
#include <nacre/core/list-inl.hpp>
#include <nacre/core/registry-inl.hpp>
#include <nacre/initializers/initializer-inl.hpp>
#include <nacre/initializers/initializers-inl.hpp>
#include <nacre/initializers/orthogonal-inl.hpp>
#include <nacre/initializers/variance_scaling-inl.hpp>
#include <nacre/kernels/activation-inl.hpp>
#include <nacre/layers/bidirectional-inl.hpp>
#include <nacre/layers/einsum_dense-inl.hpp>
#include <nacre/layers/embedding-inl.hpp>
#include <nacre/layers/head_attention-inl.hpp>
#include <nacre/layers/normalized_convolutions-inl.hpp>
#include <nacre/layers/recurrent-inl.hpp>
#include <nacre/layers/rnn-inl.hpp>
#include <nacre/layers/sequence_attention-inl.hpp>
#include <nacre/layers/stacked_rnn_cells-inl.hpp>
#include <nacre/layers/symbolic_tensor-inl.hpp>
#include <nacre/losses/loss-inl.hpp>
#include <nacre/models/graph-inl.hpp>
#include <nacre/models/graph_config-inl.hpp>
#include <nacre/models/sequential-inl.hpp>
#include <nacre/models/step_times-inl.hpp>
#include <nacre/optimizers/optimizer-inl.hpp>
#include <nacre/optimizers/optimizers-inl.hpp>
#include <nacre/regularizers/regularizers-inl.hpp>
#include <nacre/saving/saving-inl.hpp>
#include <nacre/schedules/learning_rate-inl.hpp>
#include <nacre/schedules/schedules-inl.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

#define NACRE_BUILD(T)                                                                            \
  template class BasicModel<T>;                                                                   \
  template class BasicSequential<T>;                                                              \
  template void NormalizedConvolutions::forward(const Forward<T>&) const;                         \
  template void NormalizedConvolutions::predict(const Forward<T>&) const;                         \
  template void NormalizedConvolutions::backward(const Backward<T>&) const;                       \
  template void EinsumDense::forward(const Forward<T>&) const;                                    \
  template void EinsumDense::backward(const Backward<T>&) const;                                  \
  template void detail::Lookup::forward(const Forward<T>&) const;                                 \
  template void detail::Lookup::backward(const Backward<T>&) const;                               \
  template void detail::forward_attention(const detail::SequenceAttention&, const Forward<T>&);   \
  template void detail::backward_attention(const detail::SequenceAttention&, const Backward<T>&); \
  template void detail::forward_attention(const detail::HeadAttention&, const Forward<T>&);       \
  template void detail::backward_attention(const detail::HeadAttention&, const Backward<T>&);     \
  template void detail::forward_recurrence(const detail::Recurrence&, const Forward<T>&);         \
  template void detail::backward_recurrence(const detail::Recurrence&, const Backward<T>&);       \
  template StepTimes step_times(const BasicModel<T>&, const Dataset&, StepTimesOptions);          \
  template void register_built_in_classes<T>();                                                   \
  template void save(const BasicModel<T>&, const std::filesystem::path&, SaveOptions);            \
  template BasicModel<T> load<T>(const std::filesystem::path&, LoadOptions);                      \
  template BasicModel<T> load<T>(const std::filesystem::path&, Inference);                        \
  template AnyLoss<T>::AnyLoss(std::string_view);                                                 \
  template AnyMetric<T>::AnyMetric(std::string_view);                                             \
  template void register_optimizers<T>();                                                         \
  template AnyOptimizer<T>::AnyOptimizer(std::string_view);                                       \
  template void save_weights(const BasicModel<T>&, const std::filesystem::path&);                 \
  template void load_weights(BasicModel<T>&, const std::filesystem::path&)

NACRE_BUILD(float);
NACRE_BUILD(double);

#define NACRE_CLASS(L) template const detail::LayerClass& Layer::compiled_class<L>();
NACRE_LAYERS(NACRE_CLASS)
#undef NACRE_CLASS

#define NACRE_CLASS(L)                                                          \
  template const detail::LossClass<float>& AnyLoss<float>::compiled_class<L>(); \
  template const detail::LossClass<double>& AnyLoss<double>::compiled_class<L>();
NACRE_LOSSES(NACRE_CLASS)
#undef NACRE_CLASS

#define NACRE_CLASS(M)                                                              \
  template const detail::MetricClass<float>& AnyMetric<float>::compiled_class<M>(); \
  template const detail::MetricClass<double>& AnyMetric<double>::compiled_class<M>();
NACRE_METRICS(NACRE_CLASS)
#undef NACRE_CLASS

#define NACRE_CLASS(O)                                                                    \
  template const detail::OptimizerClass<float>& AnyOptimizer<float>::compiled_class<O>(); \
  template const detail::OptimizerClass<double>& AnyOptimizer<double>::compiled_class<O>();
NACRE_OPTIMIZERS(NACRE_CLASS)
#undef NACRE_CLASS

}  // namespace nacre
