#pragma once
// SensitivityAtSpecificity: the best sensitivity that goes with a given specificity.

#include <string_view>
#include <utility>

#include <nacre/metrics/best_at.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of SensitivityAtSpecificity.
using SensitivityAtSpecificityOptions = BestAtOptions;

/// The largest sensitivity TP / (TP + FN) among thresholds at which the specificity TN / (TN + FP) is at least
/// as large as asked for; 0 where that is nowhere so. Predictions above a threshold, strictly, are positive, as are
/// targets other than 0, which are shaped as the outputs. Keras' formula.
class SensitivityAtSpecificity : public detail::BestAt {
 public:
  static constexpr std::string_view type_name = "SensitivityAtSpecificity";
  static constexpr bool larger_is_better = true;

  /// @param specificity asked for, from 0 to 1.
  /// Throws ValueError for one outside that, and for options outside what they say.
  explicit SensitivityAtSpecificity(double specificity, BestAtOptions options = {});

  double specificity;
  void fields(Fields& list) {
    list("specificity", specificity);
    options.fields(list);
  }

  /// Throws ValueError as the constructor does.
  void validate() const { check(type_name, "specificity", specificity); }

  /// Adds a batch. Throws ShapeError for targets that are not shaped as the outputs.
  template <class T>
  void update(const MetricStep<T>& step) {
    count(step, type_name);
  }

  /// Adds what another has gathered.
  void merge(const SensitivityAtSpecificity& other) { counts_.merge(other.counts_, type_name); }

  double result() const { return best(detail::recall_of, detail::specificity_of, specificity); }

 private:
  friend struct ConfigAccess;
  SensitivityAtSpecificity() : BestAt({}), specificity(0.5) {}
};

inline SensitivityAtSpecificity::SensitivityAtSpecificity(double asked, BestAtOptions chosen)
    : BestAt(std::move(chosen)), specificity(asked) {
  validate();
}

}  // namespace nacre
