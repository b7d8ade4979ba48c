#pragma once
// Bodies of optimizers/optimizers.hpp.

#include <nacre/optimizers/optimizers.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

template <class T>
void register_optimizers() {
  register_schedules();
  detail::ClassList<void NACRE_OPTIMIZERS(NACRE_NEXT_CLASS)>::visit(
      []<class... O>() { Registry<AnyOptimizer<T>>::template add<O...>(); });
}

template <class T>
AnyOptimizer<T>::AnyOptimizer(std::string_view name) {
  register_optimizers<T>();
  *this = AnyOptimizer(Registry<AnyOptimizer<T>>::table().make_by_name("optimizer", name, {}));
}

}  // namespace nacre
