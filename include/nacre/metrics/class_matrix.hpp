#pragma once
// ClassMatrix: how often each class was taken for each; what IoU and its like are made of.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/core/error.hpp>
#include <nacre/metrics/categorical_accuracy.hpp>
#include <nacre/metrics/metric_step.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// Sums of weights by the right class and the predicted one, kept in double.
class ClassMatrix {
 public:
  /// How a batch is looked at.
  struct Use {
    std::string_view metric;  ///< named in errors
    std::int64_t num_classes;
    std::optional<std::int64_t> ignore_class{};  ///< a target that counts nothing
    bool sparse_y_true = true;                   ///< targets are class numbers; otherwise a row's largest is the class
    bool sparse_y_pred = true;                   ///< the same of outputs
    std::optional<double> threshold{};           ///< outputs from it on are class 1, others class 0
  };

  void reset() { sums_.clear(); }

  /// Adds a batch. Throws ShapeError for targets that do not go with the outputs, and ValueError for numbers of no
  /// class.
  template <class T>
  void update(const MetricStep<T>& step, const Use& use) {
    const std::int64_t rows = step.predictions.batch();
    const std::int64_t outputs = use.sparse_y_pred ? step.predictions.sample_size() : 1;
    const std::int64_t targets = use.sparse_y_true ? step.targets.sample_size() : 1;
    require<ShapeError>(outputs == targets, use.metric, ": expected a target for each prediction, ", outputs,
                        " a row, got ", targets);
    if (sums_.empty()) sums_.assign(static_cast<std::size_t>(use.num_classes * use.num_classes), 0.0);
    for (std::int64_t row = 0; row < rows; ++row) {
      for (std::int64_t i = 0; i < outputs; ++i) {
        const double truth = class_of(step.targets, row, i, use.sparse_y_true);
        if (use.ignore_class && truth == static_cast<double>(*use.ignore_class)) continue;
        double guess = class_of(step.predictions, row, i, use.sparse_y_pred);
        if (use.threshold) guess = guess >= *use.threshold ? 1 : 0;
        sums_[place(truth, "target", row, use) * static_cast<std::size_t>(use.num_classes) +
              place(guess, "prediction", row, use)] += step.sample_weight(row);
      }
    }
  }

  /// Adds what another has counted, of as many classes.
  void merge(const ClassMatrix& other);

  /// TP / (TP + FP + FN) of a class; less than 0 for one that was nowhere.
  double overlap(std::int64_t num_classes, std::int64_t c) const;
  std::vector<double> overlaps(std::int64_t num_classes) const;

  /// The mean over those of `chosen` classes that were anywhere, of all classes where it is nullptr; 0 where none was.
  /// Allocates nothing, since a training step asks for results.
  double mean_overlap(std::int64_t num_classes, const std::vector<std::int64_t>* chosen) const;

 private:
  double at(std::int64_t num_classes, std::int64_t truth, std::int64_t guess) const {
    return sums_[static_cast<std::size_t>(truth * num_classes + guess)];
  }

  template <class T>
  static double class_of(const TensorView<const T>& view, std::int64_t row, std::int64_t i, bool sparse) {
    const T* values = view.elements() + row * view.sample_size();
    return sparse ? static_cast<double>(values[i]) : static_cast<double>(largest_index(values, view.sample_size()));
  }

  static std::size_t place(double number, std::string_view what, std::int64_t row, const Use& use) {
    require<ValueError>(number >= 0 && number < static_cast<double>(use.num_classes), use.metric, ": row ", row,
                        ": expected a ", what, " that is the number of a class from 0 to ", use.num_classes - 1,
                        ", got ", number);
    return static_cast<std::size_t>(number);
  }

  std::vector<double> sums_;
};

/// Throws ValueError for class numbers that are none of so many.
[[gnu::cold]] void check_classes(std::string_view metric, std::int64_t num_classes,
                                 const std::vector<std::int64_t>* chosen, std::int64_t axis);

}  // namespace nacre::detail

#if NACRE_HEADER_ONLY
#include <nacre/metrics/class_matrix-inl.hpp>
#endif
