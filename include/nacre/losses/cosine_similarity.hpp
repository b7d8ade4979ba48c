#pragma once
// CosineSimilarity: the angle between predictions and targets.

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include <nacre/losses/elementwise.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of CosineSimilarity.
using CosineSimilarityOptions = AxisLossOptions;

/// A row's value is -sum(t p) / (|t| |p|) over its features, from -1 where the directions of prediction p and target t
/// are the same to 1 where they are opposite; 0 where one of them is 0. As a metric it is the similarity itself, from
/// -1 to 1, as in Keras. Keras' formula.
class CosineSimilarity {
 public:
  static constexpr std::string_view type_name = "CosineSimilarity";
  // As a metric it is turned round.
  static constexpr double metric_factor = -1;
  CosineSimilarityOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an unknown reduction.
  CosineSimilarity(CosineSimilarityOptions options = {});

  /// Throws ValueError for an unknown reduction.
  void validate() const { detail::require_reduction(type_name, options.reduction); }

  /// Fills the values, and the gradients where wanted, of all rows.
  template <class T>
  void evaluate(const LossStep<T>& step) const {
    const std::int64_t features = step.predictions.sample_size();
    for (std::int64_t row = 0; row < step.predictions.batch(); ++row) {
      const T* p = step.predictions.elements() + row * features;
      const T* t = step.targets.elements() + row * features;
      T product = 0;
      T p_square = 0;
      T t_square = 0;
      for (std::int64_t i = 0; i < features; ++i) {
        product += t[i] * p[i];
        p_square += p[i] * p[i];
        t_square += t[i] * t[i];
      }
      // Keras' normalize: x / |x|, but x / 1e-7 where |x| is smaller.
      const T most = T(1) / static_cast<T>(detail::loss_epsilon);
      const T p_inverse = T(1) / std::sqrt(p_square);
      const bool short_p = p_inverse > most;
      const T p_scale = short_p ? most : p_inverse;
      const T t_scale = std::min(T(1) / std::sqrt(t_square), most);
      const T value = -product * p_scale * t_scale;
      step.values.elements()[row] = value;
      if (!step.wants_gradient) continue;
      T* gradient = step.gradient.elements() + row * features;
      const T along = short_p ? T(0) : value * p_scale * p_scale;
      for (std::int64_t i = 0; i < features; ++i) gradient[i] = -t[i] * p_scale * t_scale - along * p[i];
    }
  }
};

inline CosineSimilarity::CosineSimilarity(CosineSimilarityOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
