#pragma once
// The page's sections about the run itself: how it was made, the model, the learning curves, and where the time goes.

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/reports/learning_curves.hpp>
#include <nacre/reports/page/facts.hpp>
#include <nacre/reports/page/markup.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports::page {

inline std::string run_section(const PageFacts& facts) {
  std::string body = "<dl class=\"facts\">\n";
  for (const auto& [what, value] : facts.run) {
    body += text("<div><dt>", escaped(what), "</dt><dd>", escaped(value), "</dd></div>\n");
  }
  return section("run", "The run",
                 "What was trained, on what, and where. With the same data, seed and program the same weights come out "
                 "again, bit for bit, on the same kind of processor.",
                 body + "</dl>\n");
}

/// What a layer does, for someone who has never met one.
inline std::string_view role_of(std::string_view type) {
  using Role = std::pair<std::string_view, std::string_view>;
  constexpr std::array<Role, 16> roles{
      {{"Conv2D", "slides small filters over the picture and notes where each finds its pattern"},
       {"MaxPooling2D", "keeps the largest number of each small window, so that the picture shrinks"},
       {"AveragePooling2D", "keeps the mean of each small window, so that the picture shrinks"},
       {"GlobalAveragePooling2D", "keeps one number a channel: its mean over the picture"},
       {"GlobalMaxPooling2D", "keeps one number a channel: its largest over the picture"},
       {"Flatten", "lays all numbers out in one row"},
       {"Reshape", "arranges the same numbers in another shape"},
       {"Dense", "makes each output a weighted sum of all inputs"},
       {"Dropout", "forgets a random part while training, so that nothing is relied on alone"},
       {"BatchNormalization", "brings all numbers to a common scale"},
       {"Rescaling", "multiplies by a fixed factor and adds a fixed offset"},
       {"ReLU", "sets negative numbers to zero"},
       {"LeakyReLU", "makes negative numbers small"},
       {"ELU", "bends negative numbers towards a fixed limit"},
       {"Softmax", "turns scores into probabilities"},
       {"Activation", "bends each number by a fixed curve"}}};
  const auto found = std::find_if(roles.begin(), roles.end(), [&](const Role& role) { return role.first == type; });
  return found == roles.end() ? "a layer of the program's own" : found->second;
}

inline std::string model_section(const PageFacts& facts) {
  List<Row> rows;
  for (const LayerFacts& layer : facts.layers) {
    rows.push_back({escaped(layer.name), escaped(layer.type), text(role_of(layer.type)), escaped(layer.output_shape),
                    nacre::detail::grouped(layer.parameters)});
  }
  const std::string total = text("<p class=\"note\">In all ", counted(facts.parameters, "parameter"),
                                 ", of which training changes ", nacre::detail::grouped(facts.trainable), ".</p>\n");
  return section(
      "model", "The model",
      "The layers that a sample passes through, from top to bottom. A parameter is a number that was learned "
      "from the data; the shape is the extents of what a layer puts out for one sample.",
      table("Layers of the model", "llprr", {"Layer", "Type", "What it does", "Output", "Parameters"}, rows) + total);
}

inline std::string curves_section(const PageFacts& facts) {
  if (facts.history.empty()) return {};
  const bool validated = std::any_of(facts.history.logs().begin(), facts.history.logs().end(), [](const Logs& logs) {
    return std::any_of(logs.begin(), logs.end(), [](const auto& entry) { return entry.first.rfind("val_", 0) == 0; });
  });
  std::string explanation =
      "How the scores changed from epoch to epoch; in an epoch the model sees every training sample once. The loss "
      "says how wrong its answers are: lower is better. ";
  explanation +=
      validated ? "The validation curve is measured on samples that the model does not learn from: where it turns "
                  "away from the training curve, the model begins to learn its samples by heart."
                : "Nothing was set aside for validation, so that these curves cannot show whether the model learns "
                  "its samples by heart.";
  return section("curves", "How it learned", explanation,
                 text("<div class=\"chart\">", learning_curves(facts.history).bytes(), "</div>\n"));
}

/// A part of a bar, as long as its share of the whole.
inline std::string bar_part(std::string_view kind, double seconds, double whole) {
  return text("<span class=\"", kind, "\" style=\"width:", fixed(100 * seconds / whole, 2), "%\"></span>");
}

inline std::string times_section(const PageFacts& facts) {
  if (!facts.step_times || facts.step_times->step <= 0) return {};
  const StepTimes& times = *facts.step_times;
  double longest = times.rest();
  for (const LayerTime& layer : times.layers) longest = std::max(longest, layer.forward + layer.backward);
  const auto bar = [](const std::string& parts) {
    return "<span class=\"bar\" aria-hidden=\"true\">" + parts + "</span>";
  };
  List<Row> rows;
  for (const LayerTime& layer : times.layers) {
    rows.push_back({escaped(layer.name), readable_seconds(layer.forward), readable_seconds(layer.backward),
                    percent((layer.forward + layer.backward) / times.step, 1),
                    bar(bar_part("forward", layer.forward, longest) + bar_part("backward", layer.backward, longest))});
  }
  rows.push_back(
      {"everything else", "", "", percent(times.rest() / times.step, 1), bar(bar_part("rest", times.rest(), longest))});
  const std::string note =
      text("<p class=\"note\">A step on ", counted(times.batch_size, "sample"), " takes ", readable_seconds(times.step),
           "; medians of some steps on a copy of the model. Everything else is gathering the samples, the loss and the "
           "metrics. Layers joined by + are computed in one; those at 0 cost nothing, as they only look at the same "
           "memory in another way.</p>\n");
  return section(
      "time", "Where the time goes",
      "What each layer costs in one training step. <span class=\"key forward\"></span> forward computes the "
      "layer&rsquo;s answer, <span class=\"key backward\"></span> backward how its parameters should change, "
      "and changes them. Longer bars are the places to make faster.",
      table("Time of a training step", "lrrrl", {"Layer", "Forward", "Backward", "Share", "Time"}, rows) + note);
}

}  // namespace nacre::reports::page
