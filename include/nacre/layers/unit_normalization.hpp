#pragma once
// UnitNormalization: each sample, or each step, to length 1.

#include <string>
#include <utility>

#include <nacre/layers/row_normalization.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of UnitNormalization.
struct UnitNormalizationOptions {
  Axes axis = -1;  ///< along which the length is 1, counted with the batch as axis 0, or from the end
  std::string name{};

  void fields(Fields& list) {
    list("axis", axis);
    list("name", name);
  }
};

/// output = input / its Euclidean length over `axis` (at least 1e-6), for each place of the other axes by itself. Any
/// shape.
struct UnitNormalization : Callable<UnitNormalization> {
  static constexpr std::string_view type_name = "UnitNormalization";

  /// Throws ValueError for no axes.
  UnitNormalization(UnitNormalizationOptions options = {});

  UnitNormalizationOptions options;
  void fields(Fields& list) { options.fields(list); }

  void validate() const { detail::require_axes(type_name, options.axis); }

  /// Throws ShapeError for axes that the input does not have.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    detail::build_row_normalization(normalization(), input, builder);
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
    return {options.axis, kernels::RowNorm::length, 1e-12, false, false};
  }
};

inline UnitNormalization::UnitNormalization(UnitNormalizationOptions chosen) : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
