#pragma once
// LossEvaluation: a loss at work, from the values of rows or batches to one number and its gradient.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include <nacre/core/buffer.hpp>
#include <nacre/core/error.hpp>
#include <nacre/kernels/elementwise.hpp>
#include <nacre/losses/loss.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

/// A batch as rows along another axis than the last: how elements move between both.
struct RowsAlongAxis {
  std::int64_t outer = 1;  ///< of one sample: extents before the axis, of it, and behind it
  std::int64_t length = 1;
  std::int64_t inner = 1;

  RowsAlongAxis() = default;
  RowsAlongAxis(const Shape& sample, std::int64_t axis) {
    const std::int64_t place = axis < 0 ? axis + static_cast<std::int64_t>(sample.rank()) : axis - 1;
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(sample.rank()); ++i) {
      (i < place ? outer : i == place ? length : inner) *= sample[static_cast<std::size_t>(i)];
    }
  }

  /// Writes the rows one after the other.
  template <class T>
  void gather(std::int64_t batch, const T* from, T* rows) const {
    each(batch, [&](std::int64_t row, std::int64_t place) { rows[row] = from[place]; });
  }
  /// Writes them back.
  template <class T>
  void scatter(std::int64_t batch, const T* rows, T* to) const {
    each(batch, [&](std::int64_t row, std::int64_t place) { to[place] = rows[row]; });
  }

 private:
  template <class Move>
  void each(std::int64_t batch, Move move) const {
    std::int64_t row = 0;
    for (std::int64_t before = 0; before < batch * outer; ++before) {
      for (std::int64_t behind = 0; behind < inner; ++behind) {
        for (std::int64_t i = 0; i < length; ++i) move(row++, (before * length + i) * inner + behind);
      }
    }
  }
};

}  // namespace detail

/// A loss of outputs and targets of known shapes, with the memory it needs: values become one number as its reduction
/// says, and what that changes by is the gradient. For losses that are not symbolic.
template <class T>
class LossEvaluation {
 public:
  /// @param output, target shapes of one sample's.
  /// @param batch          samples in the largest batch.
  [[gnu::cold]] LossEvaluation(const AnyLoss<T>& loss, const Shape& output, const Shape& target, std::int64_t batch)
      : loss_(loss), output_(output), target_(target) {
    const std::int64_t features = output.empty() ? 1 : output.back();
    positions_ = output.size() / std::max<std::int64_t>(features, 1);
    std::int64_t values = batch * positions_;
    if (loss_.takes_batches()) {
      values = loss_.value_count(output.with_batch(batch));
      by_sample_ = loss_.value_count(output.with_batch(1)) != loss_.value_count(output.with_batch(2));
      scratch_ =
          Buffer<double>(static_cast<std::size_t>(loss_.scratch(output.with_batch(batch), target.with_batch(batch))));
    } else if (!is_last(loss_.axis(), output)) {
      rows_ = detail::RowsAlongAxis(output, loss_.axis());
      values = batch * rows_->outer * rows_->inner;
      predictions_ = Buffer<T>(static_cast<std::size_t>(batch * output.size()));
      gradients_ = Buffer<T>(static_cast<std::size_t>(batch * output.size()));
      // Class numbers, one a row, are in their order already.
      if (!loss_.takes_class_numbers()) targets_ = Buffer<T>(static_cast<std::size_t>(batch * target.size()));
    }
    values_ = Buffer<T>(static_cast<std::size_t>(values));
    weights_ = Buffer<T>(static_cast<std::size_t>(values));
  }

  /// Whether values are those of the rows along the last axis, which a mask or weights of rows go with.
  bool is_by_row() const { return !loss_.takes_batches() && !rows_; }

  /// Memory that it holds.
  std::size_t bytes() const {
    return (values_.size() + weights_.size() + predictions_.size() + targets_.size() + gradients_.size()) * sizeof(T) +
           scratch_.size() * sizeof(double);
  }

  /// The loss of a batch.
  /// @param weights of the rows, of which those of one sample are the same unless `is_by_row`; nullptr for ones.
  /// @param mask    1 for rows that count, 0 for others; nullptr where all count.
  /// @param gradient where wanted, the derivative of the loss times `scale` by the predictions; otherwise nullptr.
  double evaluate(std::int64_t batch, const T* predictions, const T* targets, const T* weights, const T* mask,
                  T* gradient, double scale, ThreadPool& pool) {
    return loss_.takes_batches() ? of_batch(batch, predictions, targets, weights, gradient, scale, pool)
                                 : of_rows(batch, predictions, targets, weights, mask, gradient, scale, pool);
  }

  /// The values of the last batch.
  const T* values() const { return values_.data(); }

 private:
  static bool is_last(std::int64_t axis, const Shape& output) {
    return axis == -1 || axis == static_cast<std::int64_t>(output.rank());
  }

  double of_rows(std::int64_t batch, const T* predictions, const T* targets, const T* weights, const T* mask,
                 T* gradient, double scale, ThreadPool& pool) {
    const std::int64_t features = rows_ ? rows_->length : output_.empty() ? 1 : output_.back();
    const std::int64_t rows = batch * output_.size() / std::max<std::int64_t>(features, 1);
    T* slopes = gradient;
    if (rows_) {
      rows_->gather(batch, predictions, predictions_.data());
      predictions = predictions_.data();
      if (targets_.size() > 0) {
        rows_->gather(batch, targets, targets_.data());
        targets = targets_.data();
      }
      if (gradient != nullptr) slopes = gradients_.data();
    }
    prediction_view_.bind(predictions, {rows, features});
    target_view_.bind(targets, {rows, batch * target_.size() / rows});
    value_view_.bind(values_.data(), {rows});
    gradient_view_.bind(slopes, {rows, features});
    loss_.evaluate({prediction_view_, target_view_, value_view_, gradient_view_, gradient != nullptr}, pool);

    const double factor = weigh_rows(batch, rows, targets, weights, mask);
    const Sum sum = sum_values(rows);
    if (gradient != nullptr) {
      const bool uniform = weights == nullptr && mask == nullptr && !loss_.ignore_class();
      scale_rows(rows, features, sum.divisor != 0 ? factor * scale / sum.divisor : 0, uniform, slopes);
      if (rows_) rows_->scatter(batch, slopes, gradient);
    }
    return sum.divisor != 0 ? factor * sum.total / sum.divisor : 0;
  }

  /// Fills in the weights of rows. Returns what these are multiplied by in addition, so that a mean is one over the
  /// rows that count, as Keras has it.
  double weigh_rows(std::int64_t batch, std::int64_t rows, const T* targets, const T* weights, const T* mask) {
    const std::optional<std::int64_t> ignored = loss_.ignore_class();
    const std::int64_t of_sample = rows / batch;
    std::int64_t counted = 0;
    for (std::int64_t row = 0; row < rows; ++row) {
      const bool counts =
          (mask == nullptr || mask[row] != T(0)) && (!ignored || targets[row] != static_cast<T>(*ignored));
      const std::int64_t place = rows_ ? row / of_sample * positions_ : row;
      weights_[static_cast<std::size_t>(row)] = !counts ? T(0) : weights == nullptr ? T(1) : weights[place];
      counted += counts;
    }
    const bool masked = mask != nullptr || ignored;
    return masked && detail::is_mean(reduction()) ? static_cast<double>(rows) / (static_cast<double>(counted) + 1e-7)
                                                  : 1.0;
  }

  void scale_rows(std::int64_t rows, std::int64_t features, double share, bool uniform, T* slopes) const {
    if (uniform) return kernels::scale_shift(rows * features, slopes, static_cast<T>(share), T(0), slopes);
    for (std::int64_t row = 0; row < rows; ++row, slopes += features) {
      const T weight = static_cast<T>(share) * weights_[static_cast<std::size_t>(row)];
      kernels::scale_shift(features, slopes, weight, T(0), slopes);
    }
  }

  double of_batch(std::int64_t batch, const T* predictions, const T* targets, const T* weights, T* gradient,
                  double scale, ThreadPool& pool) {
    prediction_view_.bind(predictions, output_.with_batch(batch));
    target_view_.bind(targets, target_.with_batch(batch));
    const std::int64_t values = loss_.value_count(prediction_view_.extents());
    weigh_values(batch, values, weights);
    const BatchLossStep<T> step{prediction_view_, target_view_, values_.data(), weights_.data(), gradient,
                                scratch_.data(),  pool};
    loss_.values(step);
    const Sum sum = sum_values(values);
    if (gradient != nullptr) {
      const T share = static_cast<T>(sum.divisor != 0 ? scale / sum.divisor : 0);
      for (std::int64_t i = 0; i < values; ++i) weights_[static_cast<std::size_t>(i)] *= share;
      loss_.gradient(step);
    }
    return sum.divisor != 0 ? sum.total / sum.divisor : 0;
  }

  /// A value of one sample has its weight, one of the whole batch the mean of all.
  void weigh_values(std::int64_t batch, std::int64_t values, const T* weights) {
    double mean = 0;
    for (std::int64_t i = 0; i < batch && weights != nullptr; ++i) mean += static_cast<double>(weights[i * positions_]);
    mean /= static_cast<double>(batch);
    for (std::int64_t i = 0; i < values; ++i) {
      const T weight = weights == nullptr ? T(1)
                       : by_sample_       ? weights[i / (values / batch) * positions_]
                                          : static_cast<T>(mean);
      weights_[static_cast<std::size_t>(i)] = weight;
    }
  }

  struct Sum {
    double total;
    double divisor;
  };
  /// The sum of values, each times its weight, and what its reduction divides it by.
  Sum sum_values(std::int64_t count) const {
    double total = 0;
    double weights = 0;
    for (auto i = std::size_t{0}; i < static_cast<std::size_t>(count); ++i) {
      const auto weight = static_cast<double>(weights_[i]);
      total += static_cast<double>(values_[i]) * weight;
      weights += weight;
    }
    return {total, detail::reduction_divisor(reduction(), count, weights)};
  }

  std::string_view reduction() const { return loss_.reduction(); }

  AnyLoss<T> loss_;
  Shape output_;
  Shape target_;
  std::int64_t positions_ = 1;  ///< rows of a sample along the last axis
  bool by_sample_ = true;       ///< whether values of a loss of batches belong to samples
  std::optional<detail::RowsAlongAxis> rows_;
  Buffer<T> values_;
  Buffer<T> weights_;
  Buffer<T> predictions_;
  Buffer<T> targets_;
  Buffer<T> gradients_;
  Buffer<double> scratch_;
  TensorView<const T> prediction_view_;
  TensorView<const T> target_view_;
  TensorView<T> value_view_;
  TensorView<T> gradient_view_;
};

}  // namespace nacre
