#pragma once
// BinaryIoU: how far predicted and true areas overlap where there are two classes.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/fields.hpp>
#include <nacre/metrics/class_matrix.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of BinaryIoU.
struct BinaryIoUOptions {
  std::vector<std::int64_t> target_class_ids{0, 1};  ///< the classes whose mean it is: 0, 1 or both
  double threshold = 0.5;                            ///< outputs from it on are class 1
  std::string name{};                                ///< under which the result appears; by default "binary_io_u"
  void fields(Fields& list) {
    list("target_class_ids", target_class_ids);
    list("threshold", threshold);
    list("name", name);
  }
};

/// The mean over classes 0 and 1 of TP / (TP + FP + FN), of those that were anywhere among targets of 0 and 1 or
/// predictions, which are 1 from the threshold on. TP are the weights of what was
/// rightly taken for the class, FP of what was wrongly, FN of what was not. Keras' formula; `per_class()` has it for
/// each class, less than 0 for one that was nowhere.
class BinaryIoU {
 public:
  static constexpr std::string_view type_name = "BinaryIoU";
  static constexpr bool larger_is_better = true;

  /// Throws ValueError for classes that there are not.
  BinaryIoU(BinaryIoUOptions options = {});

  BinaryIoUOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError as the constructor does.
  void validate() const { detail::check_classes(type_name, 2, &options.target_class_ids, -1); }

  void reset() { matrix_.reset(); }

  /// Adds a batch. Throws ShapeError or ValueError for targets or outputs that are no classes.
  template <class T>
  void update(const MetricStep<T>& step) {
    matrix_.update(step, {type_name, 2, std::nullopt, true, true, options.threshold});
  }

  /// Adds what another has gathered.
  void merge(const BinaryIoU& other) { matrix_.merge(other.matrix_); }

  double result() const { return matrix_.mean_overlap(2, &options.target_class_ids); }

  /// That of each class.
  std::vector<double> per_class() const { return matrix_.overlaps(2); }

 private:
  detail::ClassMatrix matrix_;
};

inline BinaryIoU::BinaryIoU(BinaryIoUOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
