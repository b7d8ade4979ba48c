#pragma once
// RecallAtPrecision: the best recall that goes with a given precision.

#include <string_view>
#include <utility>

#include <nacre/metrics/best_at.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of RecallAtPrecision.
using RecallAtPrecisionOptions = BestAtOptions;

/// The largest recall TP / (TP + FN) among thresholds at which the precision TP / (TP + FP) is at least
/// as large as asked for; 0 where that is nowhere so. Predictions above a threshold, strictly, are positive, as are
/// targets other than 0, which are shaped as the outputs. Keras' formula.
class RecallAtPrecision : public detail::BestAt {
 public:
  static constexpr std::string_view type_name = "RecallAtPrecision";
  static constexpr bool larger_is_better = true;

  /// @param precision asked for, from 0 to 1.
  /// Throws ValueError for one outside that, and for options outside what they say.
  explicit RecallAtPrecision(double precision, BestAtOptions options = {});

  double precision;
  void fields(Fields& list) {
    list("precision", precision);
    options.fields(list);
  }

  /// Throws ValueError as the constructor does.
  void validate() const { check(type_name, "precision", precision); }

  /// Adds a batch. Throws ShapeError for targets that are not shaped as the outputs.
  template <class T>
  void update(const MetricStep<T>& step) {
    count(step, type_name);
  }

  /// Adds what another has gathered.
  void merge(const RecallAtPrecision& other) { counts_.merge(other.counts_, type_name); }

  double result() const { return best(detail::recall_of, detail::precision_of, precision); }

 private:
  friend struct ConfigAccess;
  RecallAtPrecision() : BestAt({}), precision(0.5) {}
};

inline RecallAtPrecision::RecallAtPrecision(double asked, BestAtOptions chosen)
    : BestAt(std::move(chosen)), precision(asked) {
  validate();
}

}  // namespace nacre
