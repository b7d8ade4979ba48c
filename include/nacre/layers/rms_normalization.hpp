#pragma once
// RMSNormalization: each sample, or each step, to a root mean square of 1.

#include <string>
#include <utility>

#include <nacre/initializers/initializers.hpp>
#include <nacre/layers/row_normalization.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of RMSNormalization.
struct RMSNormalizationOptions {
  Axes axis = -1;         ///< what is normalized together, counted with the batch as axis 0, or from the end
  double epsilon = 1e-6;  ///< 1e-37 or more
  std::string name{};

  void fields(Fields& list) {
    list("axis", axis);
    list("epsilon", epsilon);
    list("name", name);
  }
};

/// output = scale * input / sqrt(mean of input^2 + epsilon), with the mean over `axis`, for each place of the other
/// axes by itself. Any shape; the weight `scale` has the extents of `axis` and is 1 at first. Zhang and Sennrich, "Root
/// mean square layer normalization", NeurIPS 2019.
struct RMSNormalization : Callable<RMSNormalization> {
  static constexpr std::string_view type_name = "RMSNormalization";

  /// Throws ValueError for no axes or an epsilon below 1e-37.
  RMSNormalization(RMSNormalizationOptions options = {});

  RMSNormalizationOptions options;
  void fields(Fields& list) { options.fields(list); }

  [[gnu::cold]] void validate() const {
    detail::require_axes(type_name, options.axis);
    detail::require_epsilon(type_name, options.epsilon);
  }

  /// Throws ShapeError for axes that the input does not have.
  [[gnu::cold]] Shape build(const Shape& input, LayerBuilder& builder) const {
    const Shape weights = detail::build_row_normalization(normalization(), input, builder).row_shape();
    builder.weight(detail::RowNormalizationMemory::Weights::gamma, "scale", weights, Ones());
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
    return {options.axis, kernels::RowNorm::mean_square, options.epsilon, true, false};
  }
};

inline RMSNormalization::RMSNormalization(RMSNormalizationOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
