#pragma once
// GroupNormalization: groups of channels of each sample to mean 0 and variance 1.

#include <string>
#include <utility>

#include <nacre/constraints/constraints.hpp>
#include <nacre/initializers/initializers.hpp>
#include <nacre/layers/axes_last.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/partial_gradients.hpp>
#include <nacre/layers/row_normalization.hpp>
#include <nacre/regularizers/regularizers.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of GroupNormalization.
struct GroupNormalizationOptions {
  std::int64_t groups = 32;  ///< -1: as many as channels
  std::int64_t axis = -1;    ///< the channels' axis, counted with the batch as axis 0, or from the end
  double epsilon = 1e-3;     ///< 1e-37 or more
  bool center = true;        ///< whether to add beta
  bool scale = true;         ///< whether to multiply by gamma
  AnyInitializer beta_initializer = Zeros();
  AnyInitializer gamma_initializer = Ones();
  AnyRegularizer beta_regularizer{};
  AnyRegularizer gamma_regularizer{};
  AnyConstraint beta_constraint{};
  AnyConstraint gamma_constraint{};
  std::string name{};

  void fields(Fields& list) {
    list("groups", groups);
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

/// output = gamma * (input - mean) / sqrt(variance + epsilon) + beta, with mean and (biased) variance over all of a
/// sample in a group of neighbouring channels. Any shape; gamma and beta have an element for each channel. Wu and He,
/// "Group normalization", ECCV 2018.
struct GroupNormalization : Callable<GroupNormalization> {
  static constexpr std::string_view type_name = "GroupNormalization";

  /// Throws ValueError for groups of 0 or below -1, or an epsilon below 1e-37.
  GroupNormalization(GroupNormalizationOptions options = {});

  /// What it asks for.
  enum class Weights { gamma, beta };
  enum class Buffers { means, inverse_deviations };
  enum class Scratch { partial_gradients };

  GroupNormalizationOptions options;
  void fields(Fields& list) { options.fields(list); }

  [[gnu::cold]] void validate() const;

  /// Throws ShapeError for an axis that the input does not have, or channels that the groups do not divide.
  [[gnu::cold]] Shape build(const Shape& input, LayerBuilder& builder) const;

  template <class T>
  void forward(const Forward<T>& step) const;
  template <class T>
  void backward(const Backward<T>& step) const;

 private:
  detail::AxesLast channels_of(const Shape& sample) const { return {"normalized", sample, &options.axis, 1}; }
  std::int64_t groups_of(std::int64_t channels) const { return options.groups == -1 ? channels : options.groups; }
};

inline GroupNormalization::GroupNormalization(GroupNormalizationOptions chosen) : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/group_normalization-inl.hpp>
#endif
