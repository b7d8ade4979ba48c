// The optimizers of nacre::compiled.

#include <nacre/optimizers/optimizers.hpp>

#include <nacre/optimizers/optimizer-inl.hpp>
#include <nacre/optimizers/optimizers-inl.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

#define NACRE_BODIES(T)                   \
  template void register_optimizers<T>(); \
  template AnyOptimizer<T>::AnyOptimizer(std::string_view)

NACRE_BODIES(float);
NACRE_BODIES(double);

#define NACRE_CLASS(O)                                                                    \
  template const detail::OptimizerClass<float>& AnyOptimizer<float>::compiled_class<O>(); \
  template const detail::OptimizerClass<double>& AnyOptimizer<double>::compiled_class<O>();
NACRE_OPTIMIZERS(NACRE_CLASS)

}  // namespace nacre
