#pragma once
// SpecificityAtSensitivity: the best specificity that goes with a given sensitivity.

#include <string_view>
#include <utility>

#include <nacre/metrics/best_at.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of SpecificityAtSensitivity.
using SpecificityAtSensitivityOptions = BestAtOptions;

/// The largest specificity TN / (TN + FP) among thresholds at which the sensitivity TP / (TP + FN) is at least
/// as large as asked for; 0 where that is nowhere so. Predictions above a threshold, strictly, are positive, as are
/// targets other than 0, which are shaped as the outputs. Keras' formula.
class SpecificityAtSensitivity : public detail::BestAt {
 public:
  static constexpr std::string_view type_name = "SpecificityAtSensitivity";
  static constexpr bool larger_is_better = true;

  /// @param sensitivity asked for, from 0 to 1.
  /// Throws ValueError for one outside that, and for options outside what they say.
  explicit SpecificityAtSensitivity(double sensitivity, BestAtOptions options = {});

  double sensitivity;
  void fields(Fields& list) {
    list("sensitivity", sensitivity);
    options.fields(list);
  }

  /// Throws ValueError as the constructor does.
  void validate() const { check(type_name, "sensitivity", sensitivity); }

  /// Adds a batch. Throws ShapeError for targets that are not shaped as the outputs.
  template <class T>
  void update(const MetricStep<T>& step) {
    count(step, type_name);
  }

  /// Adds what another has gathered.
  void merge(const SpecificityAtSensitivity& other) { counts_.merge(other.counts_, type_name); }

  double result() const { return best(detail::specificity_of, detail::recall_of, sensitivity); }

 private:
  friend struct ConfigAccess;
  SpecificityAtSensitivity() : BestAt({}), sensitivity(0.5) {}
};

inline SpecificityAtSensitivity::SpecificityAtSensitivity(double asked, BestAtOptions chosen)
    : BestAt(std::move(chosen)), sensitivity(asked) {
  validate();
}

}  // namespace nacre
