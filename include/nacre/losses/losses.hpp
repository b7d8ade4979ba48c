#pragma once
// All losses: the one list of them, and losses by Keras' names.

#include <string_view>

#include <nacre/losses/binary_crossentropy.hpp>
#include <nacre/losses/binary_focal_crossentropy.hpp>
#include <nacre/losses/categorical_crossentropy.hpp>
#include <nacre/losses/categorical_focal_crossentropy.hpp>
#include <nacre/losses/categorical_generalized_cross_entropy.hpp>
#include <nacre/losses/categorical_hinge.hpp>
#include <nacre/losses/circle.hpp>
#include <nacre/losses/cosine_similarity.hpp>
#include <nacre/losses/ctc.hpp>
#include <nacre/losses/dice.hpp>
#include <nacre/losses/hinge.hpp>
#include <nacre/losses/huber.hpp>
#include <nacre/losses/kl_divergence.hpp>
#include <nacre/losses/log_cosh.hpp>
#include <nacre/losses/mean_absolute_error.hpp>
#include <nacre/losses/mean_absolute_percentage_error.hpp>
#include <nacre/losses/mean_squared_error.hpp>
#include <nacre/losses/mean_squared_logarithmic_error.hpp>
#include <nacre/losses/poisson.hpp>
#include <nacre/losses/sparse_categorical_crossentropy.hpp>
#include <nacre/losses/squared_hinge.hpp>
#include <nacre/losses/tversky.hpp>

/// The list of nacre's losses: those of rows, which serve as metrics, too, and those of whole batches.
// clang-format off
#define NACRE_ROW_LOSSES(X) \
  X(BinaryCrossentropy) X(BinaryFocalCrossentropy) X(CategoricalCrossentropy) X(CategoricalFocalCrossentropy) \
  X(CategoricalGeneralizedCrossEntropy) X(CategoricalHinge) X(CosineSimilarity) X(Hinge) X(Huber) X(KLDivergence) \
  X(LogCosh) X(MeanAbsoluteError) X(MeanAbsolutePercentageError) X(MeanSquaredError) X(MeanSquaredLogarithmicError) \
  X(Poisson) X(SparseCategoricalCrossentropy) X(SquaredHinge)
#define NACRE_LOSSES(X) NACRE_ROW_LOSSES(X) X(Circle) X(CTC) X(Dice) X(Tversky)
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
namespace detail {

/// Keras' short names.
inline constexpr ClassAlias loss_aliases[] = {{"bce", "BinaryCrossentropy"},
                                              {"BCE", "BinaryCrossentropy"},
                                              {"kld", "KLDivergence"},
                                              {"KLD", "KLDivergence"},
                                              {"mae", "MeanAbsoluteError"},
                                              {"MAE", "MeanAbsoluteError"},
                                              {"mape", "MeanAbsolutePercentageError"},
                                              {"MAPE", "MeanAbsolutePercentageError"},
                                              {"mse", "MeanSquaredError"},
                                              {"MSE", "MeanSquaredError"},
                                              {"msle", "MeanSquaredLogarithmicError"},
                                              {"MSLE", "MeanSquaredLogarithmicError"}};

}  // namespace detail

template <class T>
AnyLoss<T>::AnyLoss(std::string_view name) {
  register_losses<T>();
  *this = AnyLoss(Registry<AnyLoss<T>>::table().make_by_name("loss", name, detail::loss_aliases));
}

}  // namespace nacre
