#pragma once
// Circle: embeddings of one class near each other, those of different classes apart.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/losses/loss.hpp>
#include <nacre/losses/loss_options.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Circle.
struct CircleOptions {
  double gamma{80.0};                            ///< how steep it is, above 0
  double margin{0.4};                            ///< how much nearer its own class is asked for, from 0 to 1
  bool remove_diagonal = true;                   ///< whether an embedding is no partner of itself
  std::string reduction{"sum_over_batch_size"};  ///< see LossOptions
  std::string name{};                            ///< see LossOptions
  void fields(Fields& list) {
    list("gamma", gamma);
    list("margin", margin);
    list("remove_diagonal", remove_diagonal);
    list("reduction", reduction);
    list("name", name);
  }
};

/// Outputs are embeddings (batch, dimensions) of length 1, as UnitNormalization gives them, targets class numbers
/// (batch) or (batch, 1). With the cosine distances d[i, j] = max(1 - e[i] e[j], 0) of a batch, a sample's value is
/// log(1 + P N): P the sum over the others of its class of exp(gamma (d + margin) (d - margin)), N that over other
/// classes of exp(gamma max(1 + margin - d, 0) (1 - margin - d)). Samples without a partner or an opponent count
/// nothing. Sun et al., "Circle loss: a unified perspective of pair similarity optimization", 2020; Keras' formula,
/// whose weights are part of the derivative.
class Circle {
 public:
  static constexpr std::string_view type_name = "Circle";
  CircleOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for options outside what they say.
  Circle(CircleOptions options = {});

  /// Throws ValueError for options outside what they say.
  void validate() const {
    require<ValueError>(options.gamma > 0, type_name, ": expected gamma above 0, got ", options.gamma);
    detail::require_between(type_name, "margin", options.margin, 0, 1);
    detail::require_reduction(type_name, options.reduction);
  }

  /// Throws ShapeError for outputs that are no vectors, and targets that are not one number a sample.
  void check_shapes(const Shape& output, const Shape& target) const {
    require<ShapeError>(output.rank() == 1, type_name, ": expected outputs (None, dimensions), got ",
                        output.to_string_with_batch());
    require<ShapeError>(target.empty() || target == Shape{1}, type_name,
                        ": expected one class number a sample as target, got ", target.to_string_with_batch());
  }
  std::int64_t value_count(const Shape& predictions) const { return predictions.front(); }
  std::int64_t scratch(const Shape& predictions, const Shape&) const {
    return predictions.front() * (predictions.front() + 2);
  }

  /// Scratch has the distances, row by row, then log P and log N of each row.
  template <class T>
  void values(const BatchLossStep<T>& step) const {
    const std::int64_t batch = step.predictions.batch();
    double* logs = step.scratch + batch * batch;
    step.pool.run(batch, [&](std::int64_t i, int) {
      double* distances = step.scratch + i * batch;
      for (std::int64_t j = 0; j < batch; ++j) distances[j] = std::max(1 - product(step.predictions, i, j), 0.0);
      logs[2 * i] = log_sum(step, i, true);
      logs[2 * i + 1] = log_sum(step, i, false);
      const double z = logs[2 * i] + logs[2 * i + 1];
      step.values[i] = static_cast<T>(std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z))));
    });
    const std::int64_t counted = std::count_if(step.values, step.values + batch, counts<T>);
    const double factor = static_cast<double>(batch) / (static_cast<double>(counted) + 1e-7);
    for (std::int64_t i = 0; i < batch; ++i) {
      if (!counts(step.values[i])) step.weights[i] = 0;
      if (detail::is_mean(options.reduction)) step.weights[i] *= static_cast<T>(factor);
    }
  }

  /// Distances become their derivatives, then those of the embeddings.
  template <class T>
  void gradient(const BatchLossStep<T>& step) const {
    const std::int64_t batch = step.predictions.batch();
    const std::int64_t size = step.predictions.sample_size();
    step.pool.run(batch, [&](std::int64_t i, int) { differentiate_distances(step, i); });
    step.pool.run(batch, [&](std::int64_t i, int) {
      T* gradient = step.gradient + i * size;
      std::fill_n(gradient, size, T(0));
      for (std::int64_t j = 0; j < batch; ++j) {
        const T by_product = static_cast<T>(-step.scratch[i * batch + j] - step.scratch[j * batch + i]);
        const T* other = step.predictions.elements() + j * size;
        for (std::int64_t k = 0; k < size; ++k) gradient[k] += by_product * other[k];
      }
    });
  }

 private:
  template <class T>
  static bool counts(T value) {
    return !(value <= T(0));
  }

  template <class T>
  static double product(const TensorView<const T>& embeddings, std::int64_t i, std::int64_t j) {
    const std::int64_t size = embeddings.sample_size();
    const T* a = embeddings.elements() + i * size;
    const T* b = embeddings.elements() + j * size;
    double sum = 0;
    for (std::int64_t k = 0; k < size; ++k) sum += static_cast<double>(a[k]) * static_cast<double>(b[k]);
    return sum;
  }

  /// Whether j is of i's class, or of another; for i itself neither where `remove_diagonal` says so.
  template <class T>
  bool are_paired(const BatchLossStep<T>& step, std::int64_t i, std::int64_t j, bool alike) const {
    if (i == j && options.remove_diagonal) return false;
    return (step.targets.elements()[i] == step.targets.elements()[j]) == alike;
  }

  double exponent(double d, bool alike) const {
    if (alike) return options.gamma * (d + options.margin) * (d - options.margin);
    return options.gamma * std::max(1 + options.margin - d, 0.0) * (1 - options.margin - d);
  }
  double exponent_slope(double d, bool alike) const {
    if (alike) return 2 * options.gamma * d;
    return d < 1 + options.margin ? 2 * options.gamma * (d - 1) : 0;
  }

  template <class T>
  double log_sum(const BatchLossStep<T>& step, std::int64_t i, bool alike) const {
    const std::int64_t batch = step.predictions.batch();
    const double* distances = step.scratch + i * batch;
    double largest = -std::numeric_limits<double>::infinity();
    for (std::int64_t j = 0; j < batch; ++j) {
      if (are_paired(step, i, j, alike)) largest = std::max(largest, exponent(distances[j], alike));
    }
    if (std::isinf(largest)) return largest;
    double sum = 0;
    for (std::int64_t j = 0; j < batch; ++j) {
      if (are_paired(step, i, j, alike)) sum += std::exp(exponent(distances[j], alike) - largest);
    }
    return largest + std::log(sum);
  }

  template <class T>
  void differentiate_distances(const BatchLossStep<T>& step, std::int64_t i) const {
    const std::int64_t batch = step.predictions.batch();
    double* distances = step.scratch + i * batch;
    const double* logs = step.scratch + batch * batch + 2 * i;
    const double z = logs[0] + logs[1];
    const double outer = static_cast<double>(step.weights[i]) / (1 + std::exp(-z));
    for (std::int64_t j = 0; j < batch; ++j) {
      const double d = distances[j];
      const bool alike = are_paired(step, i, j, true);
      const bool paired = alike || are_paired(step, i, j, false);
      distances[j] = paired && d > 0 && outer != 0
                         ? outer * std::exp(exponent(d, alike) - logs[alike ? 0 : 1]) * exponent_slope(d, alike)
                         : 0;
    }
  }
};

inline Circle::Circle(CircleOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
