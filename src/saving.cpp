// The files of models in nacre::compiled.

#include <nacre/nacre.hpp>

#include <nacre/saving/saving-inl.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

#define NACRE_BODIES(T)                                                                \
  template void register_built_in_classes<T>();                                        \
  template void save(const BasicModel<T>&, const std::filesystem::path&, SaveOptions); \
  template BasicModel<T> load<T>(const std::filesystem::path&, LoadOptions);           \
  template BasicModel<T> load<T>(const std::filesystem::path&, Inference);             \
  template void save_weights(const BasicModel<T>&, const std::filesystem::path&);      \
  template void load_weights(BasicModel<T>&, const std::filesystem::path&)

NACRE_BODIES(float);
NACRE_BODIES(double);

}  // namespace nacre
