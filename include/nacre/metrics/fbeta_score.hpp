#pragma once
// FBetaScore: a mean of precision and recall, weighted.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/metrics/f_score.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of FBetaScore.
struct FBetaScoreOptions {
  /// How the classes are put together: "micro" counts all outputs as one binary problem, "macro" is the mean of all
  /// classes' scores, "weighted" the mean weighted by how often each class is the right one. None, the default, leaves
  /// them apart, as `per_class()`; the one number that `result` is has them as "macro" does then.
  std::optional<std::string> average{};
  double beta = 1.0;                  ///< how many times recall counts as much as precision, above 0
  std::optional<double> threshold{};  ///< outputs above it are positive; by default a row's largest is
  std::string name{};                 ///< under which the result appears; by default "fbeta_score"
  void fields(Fields& list) {
    list("average", average);
    list("beta", beta);
    list("threshold", threshold);
    list("name", name);
  }
};

/// (1 + beta^2) precision recall / (beta^2 precision + recall), accumulated over batches. Targets are one-hot or
/// several of 1, shaped as the outputs. Keras' formula.
class FBetaScore {
 public:
  static constexpr std::string_view type_name = "FBetaScore";
  static constexpr std::string_view metric_name = "fbeta_score";
  static constexpr bool larger_is_better = true;
  FBetaScoreOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for options outside what they say.
  FBetaScore(FBetaScoreOptions options = {});

  /// Throws ValueError for options outside what they say.
  void validate() const {
    require<ValueError>(options.beta > 0, type_name, ": expected beta above 0, got ", options.beta);
    detail::check_f_score(type_name, options.average, options.threshold);
  }

  void reset() { score_.reset(); }

  /// Adds a batch. Throws ShapeError for targets that are not shaped as the outputs.
  template <class T>
  void update(const MetricStep<T>& step) {
    score_.update(step, options.threshold, type_name);
  }

  /// Adds what another has gathered. Throws ShapeError for another number of outputs.
  void merge(const FBetaScore& other) { score_.merge(other.score_, type_name); }

  double result() const { return score_.result(options.average, options.beta); }

  /// The score of each class since `reset`.
  std::vector<double> per_class() const { return score_.per_class(options.beta); }

 private:
  detail::FScore score_;
};

inline FBetaScore::FBetaScore(FBetaScoreOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
