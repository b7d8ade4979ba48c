#pragma once
// SparseCategoricalCrossentropy: for one label a sample, given as the number of its class.

#include <cmath>
#include <optional>

#include <nacre/kernels/softmax.hpp>
#include <nacre/losses/loss.hpp>
#include <nacre/losses/probability_crossentropy.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of SparseCategoricalCrossentropy.
struct SparseCategoricalCrossentropyOptions {
  bool from_logits{};  ///< predictions are logits, not probabilities; by default false
  void fields(Fields& list) { list("from_logits", from_logits); }
};

/// A row's value is -log p[label]. Targets are (rows, 1): class numbers, counted from 0.
///
/// From logits, p is their softmax, computed so that no size of logit overflows. Otherwise p are the predictions
/// divided by their sum and cut to [1e-7, 1 - 1e-7], as in Keras. After a softmax layer the model uses the logits by
/// itself.
class SparseCategoricalCrossentropy {
 public:
  static constexpr std::string_view type_name = "SparseCategoricalCrossentropy";
  static constexpr bool takes_class_numbers = true;
  SparseCategoricalCrossentropyOptions options;
  void fields(Fields& list) { options.fields(list); }

  SparseCategoricalCrossentropy(SparseCategoricalCrossentropyOptions options = {});

  /// The same loss from the input of a softmax.
  bool use_logits(Activation activation) {
    if (options.from_logits || activation != softmax) return false;
    options.from_logits = true;
    return true;
  }

  /// Fills the values, and the gradients where wanted, of all rows. Throws ValueError for a target that is not the
  /// number of a class.
  template <class T>
  void evaluate(const LossStep<T>& step) const {
    const std::int64_t rows = step.predictions.batch();
    const std::int64_t classes = step.predictions.sample_size();
    const T* labels = step.targets.elements();
    for (std::int64_t row = 0; row < rows; ++row) check(labels[row], classes, step.first_row + row);
    T* gradients = step.wants_gradient ? step.gradient.elements() : nullptr;
    if (options.from_logits) {
      kernels::sparse_softmax_crossentropy(rows, classes, step.predictions.elements(), labels, step.values.elements(),
                                           gradients);
      return;
    }
    for (std::int64_t row = 0; row < rows; ++row) {
      const auto label = static_cast<std::int64_t>(labels[row]);
      T* gradient = gradients != nullptr ? gradients + row * classes : nullptr;
      step.values.elements()[row] = detail::probability_crossentropy(
          classes, step.predictions.elements() + row * classes,
          [&](std::int64_t c) { return c == label ? T(1) : T(0); }, gradient);
    }
  }

 private:
  template <class T>
  static void check(T label, std::int64_t classes, std::int64_t row) {
    // Written so that a NaN fails, too.
    if (label >= T(0) && label < static_cast<T>(classes) && label == std::floor(label)) return;
    const char* fix = "; labels count from 0: is the last layer too narrow, or do the labels start elsewhere?";
    if (label != std::floor(label)) fix = "; for distributions over the classes use CategoricalCrossentropy";
    if (label == static_cast<T>(classes))
      fix = "; labels count from 0: subtract 1, or give the last layer one more unit";
    throw ValueError(text(type_name, ": row ", row, ": expected the number of a class from 0 to ", classes - 1,
                          ", got ", label, fix));
  }
};

inline SparseCategoricalCrossentropy::SparseCategoricalCrossentropy(SparseCategoricalCrossentropyOptions chosen)
    : options(chosen) {}

}  // namespace nacre
