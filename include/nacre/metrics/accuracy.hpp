#pragma once
// Accuracy: what Keras means by the string "accuracy".

#include <string>
#include <utility>

#include <nacre/metrics/binary_accuracy.hpp>
#include <nacre/metrics/categorical_accuracy.hpp>
#include <nacre/metrics/sparse_categorical_accuracy.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Accuracy.
struct AccuracyOptions {
  std::string name{};  ///< under which the result appears; by default "accuracy"
  void fields(Fields& list) { list("name", name); }
};

/// The part of the predictions that were right, by the kind of accuracy that the shapes ask for: BinaryAccuracy where
/// the model has one output, SparseCategoricalAccuracy where it has several and a target is one number,
/// CategoricalAccuracy where targets are shaped as the outputs. This is what Keras does for `metrics=["accuracy"]`; its
/// class of this name counts exact matches.
class Accuracy {
 public:
  static constexpr std::string_view type_name = "Accuracy";
  static constexpr bool larger_is_better = true;
  AccuracyOptions options;
  void fields(Fields& list) { options.fields(list); }

  Accuracy(AccuracyOptions options = {});

  void reset() {
    kind_ = Kind::none;
    mean_.reset();
  }

  /// Adds a batch. Throws ShapeError for shapes that do not go together, or that ask for another kind of accuracy than
  /// those of the batches before.
  template <class T>
  void update(const MetricStep<T>& step) {
    const Kind kind = step.predictions.sample_size() == 1 ? Kind::binary
                      : step.targets.sample_size() == 1   ? Kind::sparse
                                                          : Kind::categorical;
    require<ShapeError>(kind_ == Kind::none || kind_ == kind, type_name,
                        ": expected shapes as in the batches before, got outputs ", step.predictions.extents(),
                        " and targets ", step.targets.extents());
    kind_ = kind;
    if (kind == Kind::binary) return BinaryAccuracy::count(step, BinaryAccuracyOptions().threshold, mean_);
    if (kind == Kind::sparse) return SparseCategoricalAccuracy::count(step, mean_);
    CategoricalAccuracy::count(step, mean_);
  }

  /// Adds what another has gathered. Throws ShapeError where its batches asked for another kind of accuracy.
  void merge(const Accuracy& other) {
    if (other.kind_ == Kind::none) return;
    require<ShapeError>(kind_ == Kind::none || kind_ == other.kind_, type_name,
                        ": expected a metric of batches of the same shapes to merge with");
    kind_ = other.kind_;
    mean_.merge(other.mean_);
  }

  double result() const { return mean_.result(); }

  /// How many rows, by their weights, the result is a proportion of.
  double trials() const { return mean_.weight(); }

 private:
  enum class Kind : unsigned char { none, binary, sparse, categorical };

  Kind kind_ = Kind::none;
  Mean mean_;
};

inline Accuracy::Accuracy(AccuracyOptions chosen) : options(std::move(chosen)) {}

}  // namespace nacre
