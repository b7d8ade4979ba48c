#pragma once
// PearsonCorrelation: how far predictions are a linear function of targets, with a positive slope.

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/metrics/rows.hpp>
#include <nacre/metrics/row_moments.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of PearsonCorrelation.
struct PearsonCorrelationOptions {
  std::string name{};      ///< under which the result appears; by default "pearson_correlation"
  std::int64_t axis = -1;  ///< along which it is computed; a metric is given rows, so that there is only -1
  void fields(Fields& list) {
    list("name", name);
    list("axis", axis);
  }
};

/// The mean over all rows of the correlation coefficient cov(t, p) / (std(t) std(p)) of a row's targets t and
/// predictions p, from -1 to 1. That of a row of equal numbers is no number. Pearson, 1895; Keras' formula.
class PearsonCorrelation {
 public:
  static constexpr std::string_view type_name = "PearsonCorrelation";
  static constexpr bool larger_is_better = true;
  PearsonCorrelationOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for another axis than -1.
  PearsonCorrelation(PearsonCorrelationOptions options = {});

  /// Throws ValueError for another axis than -1.
  void validate() const {
    require<ValueError>(options.axis == -1, type_name, ": expected the axis -1, got ", options.axis);
  }

  void reset() { mean_.reset(); }

  /// Adds a batch. Throws ShapeError for targets that do not go with the outputs.
  template <class T>
  void update(const MetricStep<T>& step) {
    detail::require_alike(step, type_name);
    detail::add_rows(step, mean_, [](const T* target, const T* prediction, std::int64_t features) {
      const detail::RowMoments of = detail::row_moments(target, prediction, features);
      return of.covariance / std::sqrt(of.target_variance) / std::sqrt(of.prediction_variance);
    });
  }

  /// Adds what another has gathered.
  void merge(const PearsonCorrelation& other) { mean_.merge(other.mean_); }

  double result() const { return mean_.result(); }

 private:
  Mean mean_;
};

inline PearsonCorrelation::PearsonCorrelation(PearsonCorrelationOptions chosen) : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
