#pragma once
// The scores of a model on its test data, with how far they may be from the truth.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/models/sequential.hpp>
#include <nacre/models/trainer.hpp>
#include <nacre/reports/classification.hpp>
#include <nacre/reports/confidence.hpp>
#include <nacre/reports/page/facts.hpp>

namespace nacre::reports::page {

/// The loss of each sample alone.
template <class T>
std::vector<double> sample_losses(const Sequential<T>& model, const Dataset& data) {
  const ComputeScope scope;
  const std::shared_ptr<ThreadPool> pool = thread_pool();
  // Judging reads the weights only, as in Sequential::evaluate.
  Trainer<T> judge(const_cast<ModelState<T>&>(model.state()), data, 1, false);
  std::vector<double> losses;
  for (std::int64_t sample = 0; sample < data.size(); ++sample) {
    judge.judge(sample, *pool);
    losses.push_back(judge.scorer().batch_loss());
  }
  return losses;
}

template <class V>
std::optional<V> option_of(const Config& config, std::string_view name) {
  const ConfigValue* found = config.find(name);
  const V* value = found ? std::get_if<V>(&found->base()) : nullptr;
  return value ? std::optional<V>(*value) : std::nullopt;
}

/// How many outputs lie above Precision's threshold, those of one class alone where it looks at one.
inline std::int64_t predicted_positives(const Classification& found, const Config& metric) {
  const double threshold = option_of<double>(metric, "threshold").value_or(0.5);
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

inline constexpr std::string_view wilson_method = "Wilson&rsquo;s score interval (Wilson 1927)";
inline constexpr std::string_view normal_method =
    "normal interval of the mean, 1.96 standard errors (NIST e-Handbook 1.3.5.2)";

inline ScoreFacts proportion(std::string name, double value, std::int64_t trials) {
  ScoreFacts score{.name = std::move(name), .value = value};
  if (trials == 0) return score;
  const auto count = static_cast<double>(trials);
  score.interval = wilson_interval(std::clamp(value, 0.0, 1.0) * count, count);
  score.method = text(wilson_method, ", ", trials, " trials");
  score.is_share = true;
  return score;
}

inline ScoreFacts accuracy_of(const Classification& found) {
  std::int64_t right = 0;
  for (std::int64_t sample = 0; sample < found.size(); ++sample) right += found.correct(sample);
  return proportion("accuracy", static_cast<double>(right) / static_cast<double>(found.size()), found.size());
}

/// Loss and metrics where the model is compiled, and in any case how often a classifier is right.
template <class T>
std::vector<ScoreFacts> scores_of(const Sequential<T>& model, const Dataset& test,
                                  const std::optional<Classification>& found) {
  std::vector<ScoreFacts> scores;
  if (model.compiled()) {
    const Evaluation evaluation = model.evaluate(test);
    ScoreFacts loss{.name = "loss", .value = evaluation["loss"]};
    if (test.size() >= 2) {
      loss.interval = mean_interval(sample_losses(model, test));
      loss.method = normal_method;
    }
    scores.push_back(std::move(loss));
    const auto& compiled = *model.state().compiled;
    for (const auto* metrics : {&compiled.metrics, &compiled.weighted_metrics}) {
      for (const auto& metric : *metrics) {
        const std::int64_t trials = trials_of(metric.config(), found, test.size(), ends_in_logits(model));
        scores.push_back(proportion(metric.name(), evaluation[metric.name()], trials));
      }
    }
  }
  const auto is_accuracy = [](const ScoreFacts& score) { return score.name.find("accuracy") != std::string::npos; };
  if (found && std::none_of(scores.begin(), scores.end(), is_accuracy)) scores.push_back(accuracy_of(*found));
  return scores;
}

}  // namespace nacre::reports::page
