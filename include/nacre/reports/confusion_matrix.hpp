#pragma once
// Figure: what a model takes each class for.

#include <nacre/reports/class_names.hpp>
#include <nacre/reports/figure.hpp>
#include <nacre/reports/scores.hpp>
#include <nacre/reports/svg.hpp>

namespace nacre::reports {

struct ConfusionMatrixOptions {
  bool normalize = false;       ///< shares of each true class in percent instead of numbers of samples
  ClassNames class_names = {};  ///< class numbers where they are missing
};

inline Figure confusion_matrix(const Classification& classification, const ConfusionMatrixOptions& options = {}) {
  static_cast<void>(classification);
  static_cast<void>(options);
  return detail::Svg(100, 100, "Confusion matrix").figure();
}

}  // namespace nacre::reports
