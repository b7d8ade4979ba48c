#pragma once
// Accuracy: what Keras means by the string "accuracy".

#include <string>
#include <type_traits>
#include <variant>

#include <nacre/metrics/binary_accuracy.hpp>
#include <nacre/metrics/categorical_accuracy.hpp>
#include <nacre/metrics/sparse_categorical_accuracy.hpp>

namespace nacre {

/// Options of Accuracy.
struct AccuracyOptions {
  std::string name{};  ///< under which the result appears; by default "accuracy"
  static constexpr auto fields = std::tuple{field("name", &AccuracyOptions::name)};
};

/// The part of the predictions that were right, by the kind of accuracy that the shapes ask for: BinaryAccuracy where
/// the model has one output, SparseCategoricalAccuracy where it has several and a target is one number,
/// CategoricalAccuracy where targets are shaped as the outputs. This is what Keras does for `metrics=["accuracy"]`; its
/// class of this name counts exact matches.
class Accuracy {
 public:
  static constexpr std::string_view type_name = "Accuracy";
  AccuracyOptions options;
  static constexpr auto fields = fields_of(&Accuracy::options);

  Accuracy(AccuracyOptions chosen = {}) : options(std::move(chosen)) {}

  void reset() { kind_ = std::monostate(); }

  /// Adds a batch. Throws ShapeError for shapes that do not go together, or that ask for another kind of accuracy than
  /// those of the batches before.
  template <class T>
  void update(const MetricStep<T>& step) {
    if (step.predictions.sample_size() == 1) {
      add<BinaryAccuracy>(step);
    } else if (step.targets.sample_size() == 1) {
      add<SparseCategoricalAccuracy>(step);
    } else {
      add<CategoricalAccuracy>(step);
    }
  }

  double result() const {
    return std::visit(
        [](const auto& kind) {
          if constexpr (std::is_same_v<decltype(kind), const std::monostate&>) {
            return 0.0;
          } else {
            return kind.result();
          }
        },
        kind_);
  }

 private:
  template <class Kind, class T>
  void add(const MetricStep<T>& step) {
    if (std::holds_alternative<std::monostate>(kind_)) kind_ = Kind();
    Kind* kind = std::get_if<Kind>(&kind_);
    require<ShapeError>(kind != nullptr, type_name, ": expected shapes as in the batches before, got outputs ",
                        step.predictions.extents(), " and targets ", step.targets.extents());
    kind->update(step);
  }

  std::variant<std::monostate, BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy> kind_;
};
NACRE_METRIC(Accuracy);

}  // namespace nacre
