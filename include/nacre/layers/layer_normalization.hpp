#pragma once
// LayerNormalization: each sample, or each step, to mean 0 and variance 1.

#include <string>
#include <utility>

#include <nacre/constraints/constraints.hpp>
#include <nacre/initializers/initializers.hpp>
#include <nacre/layers/row_normalization.hpp>
#include <nacre/regularizers/regularizers.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of LayerNormalization.
struct LayerNormalizationOptions {
  Axes axis = -1;         ///< what is normalized together, counted with the batch as axis 0, or from the end
  double epsilon = 1e-3;  ///< 1e-37 or more
  bool center = true;     ///< whether to add beta
  bool scale = true;      ///< whether to multiply by gamma
  AnyInitializer beta_initializer = Zeros();
  AnyInitializer gamma_initializer = Ones();
  AnyRegularizer beta_regularizer{};
  AnyRegularizer gamma_regularizer{};
  AnyConstraint beta_constraint{};
  AnyConstraint gamma_constraint{};
  std::string name{};

  void fields(Fields& list) {
    list("axis", axis);
    list("epsilon", epsilon);
    list("center", center);
    list("scale", scale);
    list("beta_initializer", beta_initializer);
    list("gamma_initializer", gamma_initializer);
    list.if_any("beta_regularizer", beta_regularizer);
    list.if_any("gamma_regularizer", gamma_regularizer);
    list.if_any("beta_constraint", beta_constraint);
    list.if_any("gamma_constraint", gamma_constraint);
    list("name", name);
  }
};

/// output = gamma * (input - mean) / sqrt(variance + epsilon) + beta, with mean and (biased) variance over `axis`, for
/// each place of the other axes by itself. Any shape; gamma and beta have the extents of `axis`. Ba, Kiros and Hinton,
/// "Layer normalization", 2016.
struct LayerNormalization : Callable<LayerNormalization> {
  static constexpr std::string_view type_name = "LayerNormalization";

  /// Throws ValueError for no axes or an epsilon below 1e-37.
  LayerNormalization(LayerNormalizationOptions options = {});

  using Weights = detail::RowNormalizationMemory::Weights;

  LayerNormalizationOptions options;
  void fields(Fields& list) { options.fields(list); }

  [[gnu::cold]] void validate() const {
    detail::require_axes(type_name, options.axis);
    detail::require_epsilon(type_name, options.epsilon);
  }

  /// Throws ShapeError for axes that the input does not have.
  [[gnu::cold]] Shape build(const Shape& input, LayerBuilder& builder) const {
    const Shape weights = detail::build_row_normalization(normalization(), input, builder).row_shape();
    if (options.scale) {
      builder.weight(Weights::gamma, "gamma", weights, options.gamma_initializer, options.gamma_regularizer,
                     options.gamma_constraint);
    }
    if (options.center) {
      builder.weight(Weights::beta, "beta", weights, options.beta_initializer, options.beta_regularizer,
                     options.beta_constraint);
    }
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    detail::row_normalization_forward(normalization(), step);
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    detail::row_normalization_backward(normalization(), step);
  }

 private:
  detail::RowNormalization normalization() const {
    return {options.axis, kernels::RowNorm::deviation, options.epsilon, options.scale, options.center};
  }
};

inline LayerNormalization::LayerNormalization(LayerNormalizationOptions chosen) : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
