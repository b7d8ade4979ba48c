#pragma once
// Figure: how well each class is recognized.

#include <nacre/reports/class_names.hpp>
#include <nacre/reports/figure.hpp>
#include <nacre/reports/scores.hpp>
#include <nacre/reports/svg.hpp>

namespace nacre::reports {

struct ClassScoresOptions {
  ClassNames class_names = {};  ///< class numbers where they are missing
};

inline Figure class_scores(const Classification& classification, const ClassScoresOptions& options = {}) {
  static_cast<void>(classification);
  static_cast<void>(options);
  return detail::Svg(100, 100, "Scores of each class").figure();
}

}  // namespace nacre::reports
