// The models of nacre::compiled.

#include <nacre/models/graph-inl.hpp>
#include <nacre/models/graph_config-inl.hpp>
#include <nacre/models/learning_rate_finder-inl.hpp>
#include <nacre/models/search-inl.hpp>
#include <nacre/models/sequential-inl.hpp>
#include <nacre/models/step_times-inl.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

#define NACRE_BODIES(T)                                                                  \
  template class BasicModel<T>;                                                          \
  template class BasicSequential<T>;                                                     \
  template StepTimes step_times(const BasicModel<T>&, const Dataset&, StepTimesOptions); \
  template FoundLearningRate find_learning_rate(const BasicModel<T>&, const Batches&, const LearningRateFinderOptions&)

NACRE_BODIES(float);
NACRE_BODIES(double);

}  // namespace nacre
