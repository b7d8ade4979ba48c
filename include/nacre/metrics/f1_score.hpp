#pragma once
// F1Score: a mean of precision and recall.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/metrics/f_score.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of F1Score.
struct F1ScoreOptions {
  /// How the classes are put together: "micro" counts all outputs as one binary problem, "macro" is the mean of all
  /// classes' scores, "weighted" the mean weighted by how often each class is the right one. None, the default, leaves
  /// them apart, as `per_class()`; the one number that `result` is has them as "macro" does then.
  std::optional<std::string> average{};
  std::optional<double> threshold{};  ///< outputs above it are positive; by default a row's largest is
  std::string name{};                 ///< under which the result appears; by default "f1_score"
  void fields(Fields& list) {
    list("average", average);
    list("threshold", threshold);
    list("name", name);
  }
};

/// 2 precision recall / (precision + recall), accumulated over batches. Targets are one-hot or several of 1, shaped
/// as the outputs. Keras' formula.
class F1Score {
 public:
  static constexpr std::string_view type_name = "F1Score";
  static constexpr std::string_view metric_name = "f1_score";
  static constexpr bool larger_is_better = true;
  F1ScoreOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for options outside what they say.
  F1Score(F1ScoreOptions options = {});

  /// Throws ValueError for options outside what they say.
  void validate() const { detail::check_f_score(type_name, options.average, options.threshold); }

  void reset() { score_.reset(); }

  /// Adds a batch. Throws ShapeError for targets that are not shaped as the outputs.
  template <class T>
  void update(const MetricStep<T>& step) {
    score_.update(step, options.threshold, type_name);
  }

  /// Adds what another has gathered. Throws ShapeError for another number of outputs.
  void merge(const F1Score& other) { score_.merge(other.score_, type_name); }

  double result() const { return score_.result(options.average, 1); }

  /// The score of each class since `reset`.
  std::vector<double> per_class() const { return score_.per_class(1); }

 private:
  detail::FScore score_;
};

inline F1Score::F1Score(F1ScoreOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
