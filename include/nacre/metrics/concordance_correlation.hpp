#pragma once
// ConcordanceCorrelation: how near predictions are to targets, by their correlation, scale and place.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/metrics/rows.hpp>
#include <nacre/metrics/row_moments.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of ConcordanceCorrelation.
struct ConcordanceCorrelationOptions {
  std::string name{};      ///< under which the result appears; by default "concordance_correlation"
  std::int64_t axis = -1;  ///< along which it is computed; a metric is given rows, so that there is only -1
  void fields(Fields& list) {
    list("name", name);
    list("axis", axis);
  }
};

/// The mean over all rows of 2 cov(t, p) / (var(t) + var(p) + (mean(t) - mean(p))^2 + 1e-7) of a row's targets t and
/// predictions p, from -1 to 1. Lin, "A concordance correlation coefficient to evaluate reproducibility", 1989; Keras'
/// formula.
class ConcordanceCorrelation {
 public:
  static constexpr std::string_view type_name = "ConcordanceCorrelation";
  static constexpr bool larger_is_better = true;
  ConcordanceCorrelationOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for another axis than -1.
  ConcordanceCorrelation(ConcordanceCorrelationOptions options = {});

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
      const double distance = of.target_mean - of.prediction_mean;
      return 2 * of.covariance / (of.target_variance + of.prediction_variance + distance * distance + 1e-7);
    });
  }

  /// Adds what another has gathered.
  void merge(const ConcordanceCorrelation& other) { mean_.merge(other.mean_); }

  double result() const { return mean_.result(); }

 private:
  Mean mean_;
};

inline ConcordanceCorrelation::ConcordanceCorrelation(ConcordanceCorrelationOptions chosen)
    : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
