#pragma once
// Bodies of metrics/class_matrix.hpp.

#include <algorithm>
#include <vector>

#include <nacre/metrics/class_matrix.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

NACRE_SETUP void ClassMatrix::merge(const ClassMatrix& other) {
  if (sums_.empty()) sums_.resize(other.sums_.size());
  for (std::size_t i = 0; i < other.sums_.size(); ++i) sums_[i] += other.sums_[i];
}

NACRE_INLINE double ClassMatrix::overlap(std::int64_t num_classes, std::int64_t c) const {
  if (sums_.empty()) return -1;
  const double hits = at(num_classes, c, c);
  double either = -hits;
  for (std::int64_t other = 0; other < num_classes; ++other) {
    either += at(num_classes, c, other) + at(num_classes, other, c);
  }
  return either > 1e-9 ? hits / either : -1;
}

NACRE_INLINE std::vector<double> ClassMatrix::overlaps(std::int64_t num_classes) const {
  std::vector<double> all;
  for (std::int64_t c = 0; c < num_classes; ++c) all.push_back(overlap(num_classes, c));
  return all;
}

NACRE_INLINE double ClassMatrix::mean_overlap(std::int64_t num_classes, const std::vector<std::int64_t>* chosen) const {
  const std::size_t classes = chosen != nullptr ? chosen->size() : static_cast<std::size_t>(num_classes);
  double sum = 0;
  double count = 0;
  for (std::size_t i = 0; i < classes; ++i) {
    const double of_class = overlap(num_classes, chosen != nullptr ? (*chosen)[i] : static_cast<std::int64_t>(i));
    sum += std::max(of_class, 0.0);
    count += of_class >= 0 ? 1 : 0;
  }
  return count != 0 ? sum / count : 0;
}

NACRE_SETUP void check_classes(std::string_view metric, std::int64_t num_classes,
                               const std::vector<std::int64_t>* chosen, std::int64_t axis) {
  require<ValueError>(num_classes >= 1 && num_classes <= 1 << 15, metric,
                      ": expected num_classes from 1 to 32768, got ", num_classes);
  require<ValueError>(axis == -1, metric, ": expected the axis -1, got ", axis);
  if (chosen == nullptr) return;
  require<ValueError>(!chosen->empty(), metric, ": expected target_class_ids, got none");
  for (const std::int64_t c : *chosen) {
    require<ValueError>(c >= 0 && c < num_classes, metric, ": expected target_class_ids from 0 to ", num_classes - 1,
                        ", got ", c);
  }
}

}  // namespace detail
}  // namespace nacre
