#pragma once
// All losses: the one list of them, and losses by Keras' names.

#include <string_view>

#include <nacre/losses/binary_crossentropy.hpp>
#include <nacre/losses/categorical_crossentropy.hpp>
#include <nacre/losses/mean_absolute_error.hpp>
#include <nacre/losses/mean_squared_error.hpp>
#include <nacre/losses/sparse_categorical_crossentropy.hpp>

/// The list of nacre's losses.
// clang-format off
#define NACRE_LOSSES(X) \
  X(BinaryCrossentropy) X(CategoricalCrossentropy) X(MeanAbsoluteError) X(MeanSquaredError) \
  X(SparseCategoricalCrossentropy)
// clang-format on

namespace nacre::inline NACRE_VERSION_NAMESPACE {

#if !NACRE_HEADER_ONLY
// What they do stands in nacre::compiled once.
#define NACRE_COMPILED_CLASS(L)                                                        \
  extern template const detail::LossClass<float>& AnyLoss<float>::compiled_class<L>(); \
  extern template const detail::LossClass<double>& AnyLoss<double>::compiled_class<L>();
NACRE_LOSSES(NACRE_COMPILED_CLASS)
#undef NACRE_COMPILED_CLASS
#endif

/// Makes nacre's losses known to `Registry<AnyLoss<T>>`.
template <class T>
void register_losses() {
  detail::ClassList<void NACRE_LOSSES(NACRE_NEXT_CLASS)>::visit(
      []<class... L>() { Registry<AnyLoss<T>>::template add<L...>(); });
}

#if !NACRE_HEADER_ONLY
extern template void register_losses<float>();
extern template void register_losses<double>();
#endif

template <class T>
AnyLoss<T>::AnyLoss(std::string_view name) {
  static constexpr ClassAlias aliases[] = {
      {"bce", "BinaryCrossentropy"}, {"mae", "MeanAbsoluteError"}, {"mse", "MeanSquaredError"}};
  register_losses<T>();
  *this = AnyLoss(Registry<AnyLoss<T>>::table().make_by_name("loss", name, aliases));
}

}  // namespace nacre
