#pragma once
// R2Score: the part of the targets' variance that predictions explain.

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/core/fields.hpp>
#include <nacre/metrics/rows.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of R2Score.
struct R2ScoreOptions {
  /// How the outputs are put together: their mean, or that weighted by the variances of their targets,
  /// "variance_weighted_average".
  std::string class_aggregation{"uniform_average"};
  std::int64_t num_regressors = 0;  ///< independent variables: above 0 the score is adjusted for their number
  std::string name{};               ///< under which the result appears; by default "r2_score"
  void fields(Fields& list) {
    list("class_aggregation", class_aggregation);
    list("num_regressors", num_regressors);
    list("name", name);
  }
};

/// 1 - sum((t - p)^2) / sum((t - mean(t))^2) of each output, over all rows: 1 for predictions that are the targets, 0
/// for their mean, less for worse; 0 where that is infinite, since all targets were equal. With regressors 1 - (1 - r2)
/// (rows - 1) / (rows - regressors - 1), unless there are too few rows. Keras' formula. `per_class()` has the score of
/// each output, not adjusted.
class R2Score {
 public:
  static constexpr std::string_view type_name = "R2Score";
  static constexpr std::string_view metric_name = "r2_score";
  static constexpr bool larger_is_better = true;
  R2ScoreOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for options outside what they say.
  R2Score(R2ScoreOptions options = {});

  /// Throws ValueError for options outside what they say.
  [[gnu::cold]] void validate() const;

  void reset() {
    outputs_.clear();
    rows_ = 0;
  }

  /// Adds a batch. Throws ShapeError for targets that are not shaped as the outputs, and for another number of these
  /// than before.
  template <class T>
  void update(const MetricStep<T>& step) {
    detail::require_alike(step, type_name);
    const auto features = static_cast<std::size_t>(step.predictions.sample_size());
    if (outputs_.empty()) outputs_.resize(features);
    require<ShapeError>(outputs_.size() == features, type_name, ": expected ", outputs_.size(),
                        " outputs as in the batches before, got ", features);
    for (std::int64_t row = 0; row < step.predictions.batch(); ++row) {
      const std::int64_t first = row * step.predictions.sample_size();
      for (std::size_t i = 0; i < features; ++i) {
        const auto t = static_cast<double>(step.targets.elements()[first + static_cast<std::int64_t>(i)]);
        const auto p = static_cast<double>(step.predictions.elements()[first + static_cast<std::int64_t>(i)]);
        outputs_[i].add(t, p, step.sample_weight(row));
      }
    }
    rows_ += static_cast<double>(step.predictions.batch());
  }

  /// Adds what another has gathered. Throws ShapeError for another number of outputs.
  void merge(const R2Score& other);

  double result() const;

  /// The score of each output.
  std::vector<double> per_class() const;

 private:
  /// What is summed up for an output. Squares are taken of differences from its first target, so that the variance of
  /// targets far from 0 is no difference of large numbers.
  struct Sums {
    double shift = 0;
    bool any = false;
    double sum = 0;
    double squares = 0;
    double residuals = 0;
    double weight = 0;

    void add(double t, double p, double of_row) {
      if (!any) shift = t;
      any = true;
      sum += of_row * (t - shift);
      squares += of_row * (t - shift) * (t - shift);
      residuals += of_row * (t - p) * (t - p);
      weight += of_row;
    }

    /// The other's sums by this one's shift.
    void merge(const Sums& other) {
      if (!other.any) return;
      if (!any) shift = other.shift;
      any = true;
      const double move = other.shift - shift;
      squares += other.squares + 2 * move * other.sum + move * move * other.weight;
      sum += other.sum + move * other.weight;
      residuals += other.residuals;
      weight += other.weight;
    }

    double variance() const { return weight != 0 ? squares - sum * sum / weight : 0; }
    double score() const {
      const double value = 1 - residuals / variance();
      return std::isinf(value) ? 0 : value;
    }
  };

  std::vector<Sums> outputs_;
  double rows_ = 0;
};

inline R2Score::R2Score(R2ScoreOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/metrics/r2_score-inl.hpp>
#endif
