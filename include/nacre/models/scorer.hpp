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
#include <nacre/kernels/softmax.hpp>
#include <nacre/losses/loss.hpp>
#include <nacre/metrics/mean.hpp>
#include <nacre/metrics/metric.hpp>
#include <nacre/models/compile_options.hpp>
#include <nacre/models/loss_evaluation.hpp>
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
      // Along another axis than the activation's it is no loss of logits.
      const bool along_last = loss_.axis() == -1 || loss_.axis() == static_cast<std::int64_t>(output.rank());
      logits_ = along_last && loss_.use_logits(activation);
      evaluation_.emplace(loss_, output, target, batch);
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
    if (output_spec.mask) {
      require<ShapeError>(output_spec.mask->rank() < std::max<std::size_t>(output.rank(), 1),
                          "expected a mask of the output's rows, ", output.to_string_with_batch(),
                          " but the last axis, got one of each number");
      require<ShapeError>(!symbolic_ || symbolic_->values() == positions_, loss_.class_name(),
                          ": expected a loss of each of ", positions_, " rows of an output with a mask, got ",
                          symbolic_ ? symbolic_->values() : 0, " values for a sample");
      require<ShapeError>(!evaluation_ || evaluation_->is_by_row(), loss_.class_name(),
                          ": expected an output without a mask, or a loss of its rows");
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
    return (targets_.size() + sample_weights_.size() + predictions_.size()) * sizeof(T) +
           (symbolic_ ? symbolic_->bytes() : 0) + (evaluation_ ? evaluation_->bytes() : 0);
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
    const T* weights = unweighted ? nullptr : sample_weights_.data();
    const T* mask_weights = mask ? mask_weights_.data() : nullptr;
    T* gradient = wants_gradient ? network.output_gradient(index_).elements() : nullptr;
    if (symbolic_) {
      batch_loss_ = factor * symbolic_->evaluate(batch, targets_.data(), output_.elements(), weights, positions_,
                                                 gradient, factor * loss_weight_, pool);
      mean_loss_.add(batch_loss_, static_cast<double>(batch));
    } else if (evaluation_) {
      batch_loss_ = evaluation_->evaluate(batch, output_.elements(), targets_.data(), weights, mask_weights, gradient,
                                          loss_weight_, pool);
      mean_loss_.add(batch_loss_, static_cast<double>(batch));
    } else if (wants_gradient) {
      std::fill_n(gradient, rows * features_, T{});
    }
    update_metrics(rows, weights, mask_weights);
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
  std::unique_ptr<SymbolicLoss<T>> symbolic_;    // the loss, where it is written with operations
  std::optional<LossEvaluation<T>> evaluation_;  // the loss, where it is not
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
  Buffer<T> predictions_;
  TensorView<const T> output_;
  TensorView<const T> target_view_;
};

}  // namespace nacre
