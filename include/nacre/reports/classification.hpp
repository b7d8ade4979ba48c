#pragma once
// Classification: what a model makes of a data set, sample by sample. The figures of a classifier are drawn from it.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string_view>
#include <utility>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/shape.hpp>
#include <nacre/core/xtensor.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/kernels/softmax.hpp>
#include <nacre/models/model.hpp>
#include <nacre/reports/option_of.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports {

/// The true classes of samples, and the probabilities that a model gives to each class.
class Classification {
 public:
  /// @param truth_of_samples  the class number of each sample.
  /// @param probabilities     (samples, classes).
  /// Throws ShapeError for other shapes, ValueError for a class number that is not below the number of classes.
  Classification(List<std::int64_t> truth_of_samples, xt::xarray<float> probabilities)
      : truth_(std::move(truth_of_samples)), probabilities_(std::move(probabilities)) {
    require<ShapeError>(probabilities_.dimension() == 2 && probabilities_.shape(0) == truth_.size(),
                        "Classification: expected probabilities of shape (", truth_.size(), ", classes), got ",
                        Shape(probabilities_.shape().begin(), probabilities_.shape().end()));
    for (std::int64_t sample = 0; sample < size(); ++sample) {
      require<ValueError>(0 <= truth(sample) && truth(sample) < classes(), "Classification: sample ", sample,
                          ": expected a class from 0 to ", classes() - 1, ", got ", truth(sample));
      predicted_.push_back(ranked(sample).front());
    }
  }

  std::int64_t size() const { return static_cast<std::int64_t>(truth_.size()); }
  std::int64_t classes() const { return static_cast<std::int64_t>(probabilities_.shape(1)); }

  std::int64_t truth(std::int64_t sample) const { return truth_[static_cast<std::size_t>(sample)]; }
  /// The class of highest probability; the first of equals.
  std::int64_t predicted(std::int64_t sample) const { return predicted_[static_cast<std::size_t>(sample)]; }
  bool correct(std::int64_t sample) const { return truth(sample) == predicted(sample); }

  double probability(std::int64_t sample, std::int64_t label) const {
    return probabilities_(static_cast<std::size_t>(sample), static_cast<std::size_t>(label));
  }
  /// The probability of the class that was predicted.
  double confidence(std::int64_t sample) const { return probability(sample, predicted(sample)); }

  /// All classes, the most probable first; those without a number last.
  List<std::int64_t> ranked(std::int64_t sample) const {
    List<std::int64_t> order(static_cast<std::size_t>(classes()));
    std::iota(order.begin(), order.end(), std::int64_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::int64_t a, std::int64_t b) { return weight(sample, a) > weight(sample, b); });
    return order;
  }

  /// The samples that the model gets wrong, worst first: those to whose true class it gives the lowest probability.
  List<std::int64_t> misclassified() const {
    List<std::int64_t> wrong;
    for (std::int64_t sample = 0; sample < size(); ++sample) {
      if (!correct(sample)) wrong.push_back(sample);
    }
    std::stable_sort(wrong.begin(), wrong.end(),
                     [&](std::int64_t a, std::int64_t b) { return weight(a, truth(a)) < weight(b, truth(b)); });
    return wrong;
  }

 private:
  /// The probability; below all of them where a model that has diverged gives none.
  double weight(std::int64_t sample, std::int64_t label) const {
    const double value = probability(sample, label);
    return std::isnan(value) ? -std::numeric_limits<double>::infinity() : value;
  }

  List<std::int64_t> truth_;
  List<std::int64_t> predicted_;
  xt::xarray<float> probabilities_;
};

/// Whether the rows that `model` puts out are logits, whose softmax the probabilities are: whether the categorical
/// cross-entropy that it is compiled with says so.
template <class T>
bool ends_in_logits(const BasicModel<T>& model) {
  if (!model.compiled()) return false;
  const Config loss = model.state().compiled->loss.config();
  const bool categorical =
      loss.class_name == "CategoricalCrossentropy" || loss.class_name == "SparseCategoricalCrossentropy";
  return categorical && detail::option_of<bool>(loss, "from_logits").value_or(false);
}

/// The probability that `model` gives to each class, (samples, classes): what it puts out, or its softmax where the
/// model ends in logits. Throws StateError for a model that is not built, ShapeError where its output is no row of two
/// or more classes a sample, and otherwise as `predict` does.
template <class T>
xt::xarray<T> probabilities(const BasicModel<T>& model, const Dataset& data) {
  require<ShapeError>(model.output_shape().rank() == 1 && model.output_shape()[0] > 1,
                      "probabilities: expected a model whose output is a row of classes, got ", model.output_shape());
  xt::xarray<T> outputs = model.predict(data);
  if (ends_in_logits(model)) {
    kernels::softmax(data.size(), model.output_shape()[0], static_cast<const T*>(outputs.data()), outputs.data());
  }
  return outputs;
}

/// What `model` makes of `data`. Throws StateError where `data` has no targets, ValueError for targets that are no
/// classes of the model, and otherwise as `probabilities` does.
template <class T>
Classification classify(const BasicModel<T>& model, const Dataset& data) {
  xt::xarray<float> outputs = probabilities(model, data);
  List<std::int64_t> truth;
  for (std::int64_t sample = 0; sample < data.size(); ++sample) truth.push_back(data.label(sample));
  return Classification(std::move(truth), std::move(outputs));
}

}  // namespace nacre::reports
