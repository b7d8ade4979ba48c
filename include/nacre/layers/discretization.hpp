#pragma once
// Discretization: numbers as the ranges that they lie in.

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <nacre/layers/layer.hpp>
#include <nacre/layers/token_encoding.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Discretization.
struct DiscretizationOptions {
  std::vector<double> bin_boundaries{};    ///< rising; none: `adapt` finds them for `num_bins`
  std::optional<std::int64_t> num_bins{};  ///< ranges that `adapt` looks for, each with about as many values
  double epsilon = 0.01;                   ///< how exactly `adapt` does: of how many parts of all values it keeps one
  std::string output_mode = "int";         ///< "int", "one_hot", "multi_hot" or "count"
  std::string name{};
  void fields(Fields& list) {
    list("bin_boundaries", bin_boundaries);
    list("num_bins", num_bins);
    list("epsilon", epsilon);
    list("output_mode", output_mode);
    list("name", name);
  }
};

/// Each number becomes that of its range: 0 below the first boundary, 1 from it to below the second, ... Input of any
/// shape; the output is one of integers, of the same shape, or rows as CategoryEncoding's. It has no gradient.
///
///     Discretization ranges({.num_bins = 4});
///     adapt(ranges, data);  // data/adapt.hpp
struct Discretization : Callable<Discretization> {
  static constexpr std::string_view type_name = "Discretization";

  /// Throws ValueError for boundaries that do not rise, for neither boundaries nor num_bins, for less than 2 bins, and
  /// for another output_mode.
  explicit Discretization(DiscretizationOptions options);

  DiscretizationOptions options;
  void fields(Fields& list) { options.fields(list); }
  void validate() const {
    const std::vector<double>& bounds = options.bin_boundaries;
    require<ValueError>(options.num_bins.value_or(2) >= 2, "Discretization: expected num_bins of 2 or more, got ",
                        options.num_bins.value_or(2));
    require<ValueError>(options.epsilon > 0 && options.epsilon < 1,
                        "Discretization: expected epsilon between 0 and 1, got ", options.epsilon);
    for (std::size_t i = 0; i < bounds.size(); ++i) {
      require<ValueError>(!std::isnan(bounds[i]) && (i == 0 || bounds[i - 1] <= bounds[i]),
                          "Discretization: expected rising bin_boundaries, got ", bounds[i], " at place ", i);
    }
    detail::require_output_mode(type_name, options.output_mode, true, false);
  }

  /// Throws StateError without boundaries.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    require<StateError>(!options.bin_boundaries.empty(),
                        "expected bin_boundaries; call adapt(discretization, data) before it is given to a model");
    return detail::build_tokens(encoding(), input, builder);
  }
  template <class T>
  void forward(const Forward<T>& step) const {
    detail::encode_tokens(encoding(), step);
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    detail::clear_input_gradient(step);
  }

 private:
  friend struct ConfigAccess;
  Discretization() = default;

  detail::TokenEncoding encoding() const {
    const auto bins = static_cast<std::int64_t>(options.bin_boundaries.size()) + 1;
    return {type_name, options.output_mode, bins, nullptr, this, [](const void* layer, double value) {
              const std::vector<double>& bounds = static_cast<const Discretization*>(layer)->options.bin_boundaries;
              return static_cast<std::int64_t>(std::upper_bound(bounds.begin(), bounds.end(), value) - bounds.begin());
            }};
  }
};

inline Discretization::Discretization(DiscretizationOptions chosen) : options(std::move(chosen)) {
  require<ValueError>(!options.bin_boundaries.empty() || options.num_bins.has_value(),
                      "Discretization: expected bin_boundaries or num_bins, got neither");
  validate();
}

}  // namespace nacre
