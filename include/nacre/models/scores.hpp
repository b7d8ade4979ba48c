#pragma once
// Scores: all outputs of a network evaluated together.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nacre/callbacks/callback.hpp>
#include <nacre/core/list.hpp>
#include <nacre/data/batch_source.hpp>
#include <nacre/models/history.hpp>
#include <nacre/models/scorer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The losses and metrics of all outputs. The loss that is trained is the sum of the outputs' losses, each times its
/// weight.
template <class T>
class Scores {
 public:
  /// @param targets what targets are like, in the order of the outputs.
  /// @param batch   samples in the largest batch.
  /// Throws as Scorer does.
  [[gnu::cold]] Scores(const ModelState<T>& state, const List<ColumnSpec>& targets, std::int64_t batch)
      : targets_(targets) {
    const std::vector<std::string> names = state.graph.output_names();
    for (std::size_t k = 0; k < state.outputs(); ++k) {
      scorers_.emplace_back(state.output_options(k), k, state.final_activation(k), state.built_graph->output_spec(k),
                            targets[k].shape, batch);
      if (names.size() > 1) prefixes_.push_back(names[k] + "_");
    }
  }

  std::size_t size() const { return scorers_.size(); }
  Scorer<T>& operator[](std::size_t output) { return scorers_[output]; }

  /// Memory that they hold.
  std::size_t bytes() const {
    std::size_t sum = 0;
    for (const Scorer<T>& scorer : scorers_) sum += scorer.bytes();
    return sum;
  }

  /// For each output, whether the network must leave its last activation out.
  List<char> logits() const {
    List<char> all;
    for (const Scorer<T>& scorer : scorers_) all.push_back(scorer.logits());
    return all;
  }

  void reset() {
    mean_loss_.reset();
    for (Scorer<T>& scorer : scorers_) scorer.reset();
  }

  /// Evaluates the network's present outputs; where wanted, fills their gradients with those of the batch's mean loss.
  /// @param penalty of weights and outputs, which is added to the loss.
  void score(Network<T>& network, double penalty, bool wants_gradient, ThreadPool& pool) {
    batch_loss_ = penalty;
    for (std::size_t k = 0; k < scorers_.size(); ++k) {
      scorers_[k].score(network, targets_[k].weighted, wants_gradient, pool);
      if (scorers_[k].has_loss()) batch_loss_ += scorers_[k].loss_weight() * scorers_[k].batch_loss();
    }
    mean_loss_.add(batch_loss_, static_cast<double>(network.batch()));
  }

  /// The loss of the last batch.
  double batch_loss() const { return batch_loss_; }

  /// Writes "loss" and the metrics, each with `prefix`, into `logs`; with several outputs the loss and the metrics of
  /// each under its name, too, as Keras does: "digit_loss", "digit_accuracy".
  void write(Logs& logs, std::string_view prefix = "") const {
    each(
        prefix, [&](std::string_view before, double loss) { detail::set_log(logs, before, "loss", loss); },
        [&](std::string_view before, const std::string& name, const AnyMetric<T>& metric) {
          detail::set_log(logs, before, name, metric.result());
        });
  }

  /// The names that `write` writes, in its order, and which direction is better.
  [[gnu::cold]] void list_names(List<LogName>& names, const std::string& prefix = "") const {
    each(
        prefix, [&](std::string_view before, double) { names.emplace_back(text(before, "loss"), false); },
        [&](std::string_view before, const std::string& name, const AnyMetric<T>& metric) {
          names.emplace_back(text(before, name), metric.larger_is_better());
        });
  }

  /// Writes the loss and the metrics, and for each class those that have such results.
  [[gnu::cold]] void write(Evaluation& scores) const {
    write(static_cast<Logs&>(scores));
    each(
        "", [](std::string_view, double) {},
        [&](std::string_view before, const std::string& name, const AnyMetric<T>& metric) {
          scores.set_per_class(text(before, name), metric.per_class());
        });
  }

 private:
  /// Calls `of_loss(prefix, value)` and `of_metric(prefix, name, metric)`, in the order in which they are logged.
  template <class OfLoss, class OfMetric>
  void each(std::string_view prefix, OfLoss of_loss, OfMetric of_metric) const {
    of_loss(prefix, mean_loss_.result());
    for (std::size_t k = 0; k < scorers_.size(); ++k) {
      const bool alone = prefixes_.empty();
      const std::string both = alone ? std::string() : std::string(prefix).append(prefixes_[k]);
      const std::string_view before = alone ? prefix : std::string_view(both);
      if (!alone && scorers_[k].has_loss()) of_loss(before, scorers_[k].mean_loss());
      scorers_[k].each_metric(
          [&](const std::string& name, const AnyMetric<T>& metric) { of_metric(before, name, metric); });
    }
  }

  List<ColumnSpec> targets_;
  List<Scorer<T>> scorers_;
  std::vector<std::string> prefixes_;  ///< of the outputs' logs; none for a single output
  Mean mean_loss_;
  double batch_loss_ = 0;
};

}  // namespace nacre
