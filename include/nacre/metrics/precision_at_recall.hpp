#pragma once
// PrecisionAtRecall: the best precision that goes with a given recall.

#include <string_view>
#include <utility>

#include <nacre/metrics/best_at.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of PrecisionAtRecall.
using PrecisionAtRecallOptions = BestAtOptions;

/// The largest precision TP / (TP + FP) among thresholds at which the recall TP / (TP + FN) is at least
/// as large as asked for; 0 where that is nowhere so. Predictions above a threshold, strictly, are positive, as are
/// targets other than 0, which are shaped as the outputs. Keras' formula.
class PrecisionAtRecall : public detail::BestAt {
 public:
  static constexpr std::string_view type_name = "PrecisionAtRecall";
  static constexpr bool larger_is_better = true;

  /// @param recall asked for, from 0 to 1.
  /// Throws ValueError for one outside that, and for options outside what they say.
  explicit PrecisionAtRecall(double recall, BestAtOptions options = {});

  double recall;
  void fields(Fields& list) {
    list("recall", recall);
    options.fields(list);
  }

  /// Throws ValueError as the constructor does.
  void validate() const { check(type_name, "recall", recall); }

  /// Adds a batch. Throws ShapeError for targets that are not shaped as the outputs.
  template <class T>
  void update(const MetricStep<T>& step) {
    count(step, type_name);
  }

  /// Adds what another has gathered.
  void merge(const PrecisionAtRecall& other) { counts_.merge(other.counts_, type_name); }

  double result() const { return best(detail::precision_of, detail::recall_of, recall); }

 private:
  friend struct ConfigAccess;
  PrecisionAtRecall() : BestAt({}), recall(0.5) {}
};

inline PrecisionAtRecall::PrecisionAtRecall(double asked, BestAtOptions chosen)
    : BestAt(std::move(chosen)), recall(asked) {
  validate();
}

}  // namespace nacre
