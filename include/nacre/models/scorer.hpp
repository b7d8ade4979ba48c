#pragma once
// Scorer: evaluates an output of a network by a loss and metrics, batch by batch.

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/callbacks/logs.hpp>
#include <nacre/core/buffer.hpp>
#include <nacre/core/list.hpp>
#include <nacre/kernels/elementwise.hpp>
#include <nacre/kernels/softmax.hpp>
#include <nacre/losses/loss.hpp>
#include <nacre/metrics/mean.hpp>
#include <nacre/metrics/metric.hpp>
#include <nacre/models/compile_options.hpp>
#include <nacre/models/network.hpp>
#include <nacre/models/symbolic_loss.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

inline void set_log(Logs& logs, std::string_view prefix, std::string_view name, double value) {
  if (prefix.empty()) {
    logs.set(name, value);
  } else {
    logs.set(std::string(prefix).append(name), value);
  }
}

}  // namespace detail

/// A loss and metrics of one output with the memory they need: targets and weights of a batch go in, the loss' gradient
/// goes to the network, running results come out.
template <class T>
class Scorer {
 public:
  /// @param options    loss and metrics, copied.
  /// @param index      of the output.
  /// @param activation the output's last activation. Where the loss can do without it, `logits()` is true, the network
  ///                   must leave it out, and predictions for the metrics are made here.
  /// @param output_spec    the output. Throws ShapeError where it has a mask that is not one of whole rows.
  /// @param target shape of one sample's target, which goes with the output by the loss' `check_shapes`.
  Scorer(const OutputOptions<T>& options, std::size_t index, Activation activation, const TensorSpec& output_spec,
         const Shape& target, std::int64_t batch)
      : index_(index),
        loss_(options.loss),
        loss_weight_(options.loss_weight),
        metrics_(options.metrics),
        weighted_from_(metrics_.size()),
        activation_(activation) {
    const Shape& output = output_spec.shape;
    metrics_.insert(metrics_.end(), options.weighted_metrics.begin(), options.weighted_metrics.end());
    for (const AnyMetric<T>& metric : metrics_) names_.push_back(metric.name());
    if (loss_.has_value() && loss_.is_symbolic()) {
      symbolic_ = std::make_unique<SymbolicLoss<T>>(loss_, output, target, batch);
    } else if (loss_.has_value()) {
      logits_ = loss_.use_logits(activation);
    }
    features_ = output.empty() ? 1 : output.back();
    positions_ = output.size() / std::max<std::int64_t>(features_, 1);
    target_features_ = target.size() / std::max<std::int64_t>(positions_, 1);
    const std::int64_t rows = batch * positions_;
    require<ShapeError>(metrics_.empty() || target_features_ * positions_ == target.size(),
                        "metrics: expected targets for each position of the output ", output.to_string_with_batch(),
                        ", got ", target.to_string_with_batch());
    targets_ = Buffer<T>(static_cast<std::size_t>(batch * target.size()));
    sample_weights_ = Buffer<T>(static_cast<std::size_t>(rows));
    values_ = Buffer<T>(static_cast<std::size_t>(rows));
    if (output_spec.mask) {
      require<ShapeError>(output_spec.mask->rank() < std::max<std::size_t>(output.rank(), 1),
                          "expected a mask of the output's rows, ", output.to_string_with_batch(),
                          " but the last axis, got one of each number");
      require<ShapeError>(!symbolic_ || symbolic_->values() == positions_, loss_.class_name(),
                          ": expected a loss of each of ", positions_, " rows of an output with a mask, got ",
                          symbolic_ ? symbolic_->values() : 0, " values for a sample");
      mask_weights_ = Buffer<T>(static_cast<std::size_t>(rows));
    }
    if (logits_ && !metrics_.empty()) predictions_ = Buffer<T>(static_cast<std::size_t>(rows * features_));
  }

  /// Whether the network must leave its last activation out.
  bool logits() const { return logits_; }
  /// Where a batch's targets and sample weights go.
  T* targets() { return targets_.data(); }
  T* sample_weights() { return sample_weights_.data(); }

  /// Memory that it holds.
  std::size_t bytes() const {
    return (targets_.size() + sample_weights_.size() + values_.size() + predictions_.size()) * sizeof(T) +
           (symbolic_ ? symbolic_->bytes() : 0);
  }

  void reset() {
    mean_loss_.reset();
    for (AnyMetric<T>& metric : metrics_) metric.reset();
  }

  /// Evaluates the network's present output; where wanted, fills its output gradient with that of the batch's mean
  /// loss.
  /// @param weighted whether sample weights count.
  void score(Network<T>& network, bool weighted, bool wants_gradient, ThreadPool& pool) {
    const std::int64_t batch = network.batch();
    const std::int64_t rows = batch * positions_;
    bind(network, rows);
    if (weighted && positions_ > 1) spread_sample_weights(batch);
    const Mask mask = network.output_mask(index_);
    const double factor = mask ? apply(mask, rows, weighted) : 1.0;
    const bool unweighted = !weighted && !mask;
    if (symbolic_) {
      batch_loss_ = factor * symbolic_->evaluate(batch, targets_.data(), output_.elements(),
                                                 unweighted ? nullptr : sample_weights_.data(), positions_,
                                                 wants_gradient ? gradient_view_.elements() : nullptr,
                                                 factor * loss_weight_, pool);
      mean_loss_.add(batch_loss_, static_cast<double>(batch));
    } else if (loss_.has_value()) {
      loss_.evaluate({output_, target_view_, value_view_, gradient_view_, wants_gradient}, pool);
      double total = 0;
      for (std::int64_t row = 0; row < rows; ++row) {
        total += static_cast<double>(value_view_.elements()[row]) *
                 (unweighted ? 1.0 : static_cast<double>(sample_weights_.data()[row]));
      }
      batch_loss_ = factor * total / static_cast<double>(rows);
      if (wants_gradient) scale_gradient(rows, factor, unweighted);
      mean_loss_.add(batch_loss_, static_cast<double>(batch));
    } else if (wants_gradient) {
      std::fill_n(gradient_view_.elements(), rows * features_, T{});
    }
    update_metrics(rows, unweighted ? nullptr : sample_weights_.data(), mask ? mask_weights_.data() : nullptr);
  }

  /// The mean loss of the last batch, without the output's weight.
  double batch_loss() const { return batch_loss_; }
  /// How much it counts in the sum over all outputs.
  double loss_weight() const { return loss_weight_; }
  bool has_loss() const { return loss_.has_value(); }
  double mean_loss() const { return mean_loss_.result(); }

  /// Calls `visit(name, metric)` for each metric.
  template <class Visit>
  void each_metric(Visit visit) const {
    for (std::size_t i = 0; i < metrics_.size(); ++i) visit(names_[i], metrics_[i]);
  }

 private:
  void bind(Network<T>& network, std::int64_t rows) {
    output_.bind(network.output(index_).elements(), {rows, features_});
    target_view_.bind(targets_.data(), {rows, target_features_});
    value_view_.bind(values_.data(), {rows});
    gradient_view_.bind(network.output_gradient(index_).elements(), {rows, features_});
  }

  /// A sample's weight counts for each of its positions.
  void spread_sample_weights(std::int64_t batch) {
    for (std::int64_t sample = batch; sample-- > 0;) {
      std::fill_n(sample_weights_.data() + sample * positions_, positions_, sample_weights_.data()[sample]);
    }
  }

  /// Rows that the mask leaves out weigh nothing. Returns what the weights of the others are multiplied by in the loss,
  /// which is then the mean over those, as Keras has it.
  double apply(const Mask& mask, std::int64_t rows, bool weighted) {
    std::int64_t counted = 0;
    for (std::int64_t row = 0; row < rows; ++row) {
      const bool counts = mask.counts(row * features_);
      mask_weights_[static_cast<std::size_t>(row)] = counts ? T(1) : T(0);
      T& weight = sample_weights_[static_cast<std::size_t>(row)];
      weight = counts ? (weighted ? weight : T(1)) : T(0);
      counted += counts;
    }
    return static_cast<double>(rows) / (static_cast<double>(counted) + 1e-7);
  }

  void scale_gradient(std::int64_t rows, double factor, bool unweighted) {
    const T share = static_cast<T>(loss_weight_ * factor) / static_cast<T>(rows);
    T* gradient = gradient_view_.elements();
    if (unweighted) return kernels::scale_shift(rows * features_, gradient, share, T(0), gradient);
    for (std::int64_t row = 0; row < rows; ++row, gradient += features_) {
      kernels::scale_shift(features_, gradient, share * sample_weights_.data()[row], T(0), gradient);
    }
  }

  /// @param weights, mask_weights of rows, in weighted metrics and in the others; nullptr for ones.
  void update_metrics(std::int64_t rows, const T* weights, const T* mask_weights) {
    if (metrics_.empty()) return;
    TensorView<const T> predictions = output_;
    if (logits_) {
      predictions.bind(predictions_.data(), {rows, features_});
      if (activation_ == softmax) {
        kernels::softmax(rows, features_, output_.elements(), predictions_.data());
      } else {
        kernels::activate(activation_, rows * features_, output_.elements(), predictions_.data());
      }
    }
    for (std::size_t i = 0; i < metrics_.size(); ++i) {
      metrics_[i].update({predictions, target_view_, i >= weighted_from_ ? weights : mask_weights});
    }
  }

  std::size_t index_;
  AnyLoss<T> loss_;
  std::unique_ptr<SymbolicLoss<T>> symbolic_;  // the loss, where it is written with operations
  double loss_weight_;
  List<AnyMetric<T>> metrics_;
  std::size_t weighted_from_;
  std::vector<std::string> names_;
  Activation activation_;
  bool logits_ = false;
  std::int64_t features_ = 1;
  std::int64_t positions_ = 1;
  std::int64_t target_features_ = 1;
  Mean mean_loss_;
  double batch_loss_ = 0;
  Buffer<T> targets_;
  Buffer<T> sample_weights_;
  Buffer<T> mask_weights_;  ///< 1 for rows that count; where the output has a mask
  Buffer<T> values_;
  Buffer<T> predictions_;
  TensorView<const T> output_;
  TensorView<const T> target_view_;
  TensorView<T> value_view_;
  TensorView<T> gradient_view_;
};

}  // namespace nacre
