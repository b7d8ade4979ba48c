#pragma once
// OneHotIoU: IoU for one-hot targets.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/fields.hpp>
#include <nacre/metrics/class_matrix.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of OneHotIoU.
struct OneHotIoUOptions {
  std::string name{};                          ///< under which the result appears; by default "one_hot_io_u"
  std::optional<std::int64_t> ignore_class{};  ///< a target that counts nothing
  bool sparse_y_pred = false;                  ///< outputs are class numbers, not a score for each class
  std::int64_t axis = -1;                      ///< of scores and one-hot rows; a metric is given rows
  void fields(Fields& list) {
    list("name", name);
    list("ignore_class", ignore_class);
    list("sparse_y_pred", sparse_y_pred);
    list("axis", axis);
  }
};

/// The mean over the classes `target_class_ids` of TP / (TP + FP + FN), of those that were anywhere among targets,
/// which are one-hot rows, or predictions. TP are the weights of what was rightly taken for the class, FP of what was
/// wrongly, FN of what was not. Keras' formula; `per_class()` has it for each class, less than 0 for one that was
/// nowhere.
class OneHotIoU {
 public:
  static constexpr std::string_view type_name = "OneHotIoU";
  static constexpr bool larger_is_better = true;

  /// @param num_classes      that targets and predictions may be, from 0 on.
  /// @param target_class_ids those whose mean it is.
  /// Throws ValueError for classes that there are not, and another axis than -1.
  explicit OneHotIoU(std::int64_t num_classes, std::vector<std::int64_t> target_class_ids,
                     OneHotIoUOptions options = {});

  std::int64_t num_classes;
  std::vector<std::int64_t> target_class_ids;
  OneHotIoUOptions options;
  void fields(Fields& list) {
    list("num_classes", num_classes);
    list("target_class_ids", target_class_ids);
    options.fields(list);
  }

  /// Throws ValueError as the constructor does.
  void validate() const { detail::check_classes(type_name, num_classes, &target_class_ids, options.axis); }

  void reset() { matrix_.reset(); }

  /// Adds a batch. Throws ShapeError or ValueError for targets or outputs that are no classes.
  template <class T>
  void update(const MetricStep<T>& step) {
    matrix_.update(step, {type_name, num_classes, options.ignore_class, false, options.sparse_y_pred});
  }

  /// Adds what another has gathered.
  void merge(const OneHotIoU& other) { matrix_.merge(other.matrix_); }

  double result() const { return matrix_.mean_overlap(num_classes, &target_class_ids); }

  /// That of each class.
  std::vector<double> per_class() const { return matrix_.overlaps(num_classes); }

 private:
  friend struct ConfigAccess;
  OneHotIoU() : num_classes(1), target_class_ids{0} {}

  detail::ClassMatrix matrix_;
};

inline OneHotIoU::OneHotIoU(std::int64_t classes, std::vector<std::int64_t> ids, OneHotIoUOptions chosen)
    : num_classes(classes), target_class_ids(std::move(ids)), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
