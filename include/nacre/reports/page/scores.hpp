#pragma once
// The scores of a model on its test data, with how far they may be from the truth.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nacre/core/list.hpp>
#include <nacre/models/model.hpp>
#include <nacre/models/trainer.hpp>
#include <nacre/reports/classification.hpp>
#include <nacre/reports/confidence.hpp>
#include <nacre/reports/option_of.hpp>
#include <nacre/reports/page/facts.hpp>
#include <nacre/reports/scores.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports::page {

/// The loss of each sample alone.
template <class T>
std::vector<double> sample_losses(const BasicModel<T>& model, const Dataset& data) {
  const ComputeScope scope;
  const std::shared_ptr<ThreadPool> pool = thread_pool();
  const std::unique_ptr<BatchSource<T>> source = make_source(model.state(), data, {.batch_size = 1});
  const std::unique_ptr<Trainer<T>> evaluator = Trainer<T>::evaluator(model.state(), source->spec());
  std::vector<double> losses;
  for (std::int64_t sample = 0; sample < data.size(); ++sample) {
    evaluator->load(*source, sample, *pool);
    evaluator->evaluate(*pool);
    losses.push_back(evaluator->scores().batch_loss());
  }
  return losses;
}

using reports::detail::option_of;

/// How many outputs lie above Precision's threshold, those of one class alone where it looks at one.
inline std::int64_t predicted_positives(const Classification& found, const Config& metric) {
  const double threshold = option_of<double>(metric, "thresholds").value_or(0.5);
  const std::optional<std::int64_t> only = option_of<std::int64_t>(metric, "class_id");
  std::int64_t count = 0;
  for (std::int64_t sample = 0; sample < found.size(); ++sample) {
    for (std::int64_t label = only.value_or(0); label < (only ? *only + 1 : found.classes()); ++label) {
      count += found.probability(sample, label) > threshold;
    }
  }
  return count;
}

/// How many samples are of that class, or how many there are.
inline std::int64_t actual_positives(const Classification& found, std::optional<std::int64_t> only) {
  std::int64_t count = 0;
  for (std::int64_t sample = 0; sample < found.size(); ++sample) count += !only || found.truth(sample) == *only;
  return count;
}

/// Of how many trials a metric is the proportion of successes; 0 where it is no such proportion.
inline std::int64_t trials_of(const Config& metric, const std::optional<Classification>& found, std::int64_t samples,
                              bool logits) {
  const std::string& name = metric.class_name;
  for (const char* accuracy : {"Accuracy", "BinaryAccuracy", "CategoricalAccuracy", "SparseCategoricalAccuracy"}) {
    if (name == accuracy) return samples;
  }
  const bool plain = option_of<std::string>(metric, "average") == "micro" && !option_of<std::int64_t>(metric, "top_k");
  if (!found || !plain) return 0;
  if (name == "Recall") return actual_positives(*found, option_of<std::int64_t>(metric, "class_id"));
  return name == "Precision" && !logits ? predicted_positives(*found, metric) : 0;
}

/// A score that is a proportion of so many trials; 0: it is none.
inline ScoreFacts proportion(std::string name, std::string kind, double value, std::int64_t trials) {
  ScoreFacts score{.name = std::move(name), .kind = std::move(kind), .value = value};
  if (trials == 0) return score;
  const auto count = static_cast<double>(trials);
  score.interval = wilson_interval(std::clamp(value, 0.0, 1.0) * count, count);
  score.is_share = true;
  return score;
}

/// Loss and metrics where the model is compiled, and in any case how often a classifier is right.
template <class T>
List<ScoreFacts> scores_of(const BasicModel<T>& model, const Dataset& test,
                           const std::optional<Classification>& found) {
  List<ScoreFacts> scores;
  if (model.compiled()) {
    const Evaluation evaluation = model.evaluate(test);
    ScoreFacts loss{.name = "loss", .kind = "loss", .value = evaluation["loss"]};
    if (test.size() >= 2) loss.interval = mean_interval(sample_losses(model, test));
    scores.push_back(std::move(loss));
    const auto& compiled = *model.state().compiled;
    for (const auto* metrics : {&compiled.metrics, &compiled.weighted_metrics}) {
      for (const auto& metric : *metrics) {
        const std::int64_t trials = trials_of(metric.config(), found, test.size(), ends_in_logits(model));
        scores.push_back(proportion(metric.name(), metric.class_name(), evaluation[metric.name()], trials));
        // Samples that count differently are no equal trials.
        if (metrics == &compiled.weighted_metrics && test.has_sample_weights()) scores.back().interval.reset();
      }
    }
  }
  const auto is_accuracy = [](const ScoreFacts& score) { return score.kind.find("Accuracy") != std::string::npos; };
  if (found && std::none_of(scores.begin(), scores.end(), is_accuracy)) {
    scores.push_back(proportion("accuracy", "Accuracy", share_correct(*found), found->size()));
  }
  // What everyone understands comes first.
  std::stable_partition(scores.begin(), scores.end(), is_accuracy);
  return scores;
}

}  // namespace nacre::reports::page
