#pragma once
// All losses: the one list of them, and losses by Keras' names.

#include <string_view>

#include <nacre/losses/binary_crossentropy.hpp>
#include <nacre/losses/categorical_crossentropy.hpp>
#include <nacre/losses/mean_absolute_error.hpp>
#include <nacre/losses/mean_squared_error.hpp>
#include <nacre/losses/sparse_categorical_crossentropy.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Makes nacre's losses known to `Registry<AnyLoss<T>>`.
template <class T>
void register_losses() {
  Registry<AnyLoss<T>>::template add<BinaryCrossentropy, CategoricalCrossentropy, MeanAbsoluteError, MeanSquaredError,
                                     SparseCategoricalCrossentropy>();
}

template <class T>
AnyLoss<T>::AnyLoss(std::string_view name) {
  static constexpr ClassAlias aliases[] = {
      {"bce", "BinaryCrossentropy"}, {"mae", "MeanAbsoluteError"}, {"mse", "MeanSquaredError"}};
  register_losses<T>();
  *this = AnyLoss(Registry<AnyLoss<T>>::table().make_by_name("loss", name, aliases));
}

}  // namespace nacre
