#pragma once
// Gathers what a page says from a model and its data.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/core/thread_pool.hpp>
#include <nacre/layers/conv2d.hpp>
#include <nacre/models/model.hpp>
#include <nacre/models/step_times.hpp>
#include <nacre/reports/classification.hpp>
#include <nacre/reports/html_options.hpp>
#include <nacre/reports/page/embedded_model.hpp>
#include <nacre/reports/page/environment.hpp>
#include <nacre/reports/page/facts.hpp>
#include <nacre/reports/page/markup.hpp>
#include <nacre/reports/page/pictures.hpp>
#include <nacre/reports/page/scores.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports::page {

inline void check(const HtmlOptions& options, const Dataset& test) {
  require<ValueError>(!test.empty(), "html: expected test data with at least one sample, got none");
  require<ValueError>(options.batch_size >= 1, "html: expected batch_size of 1 or more, got ", options.batch_size);
  for (std::int64_t count : {options.timed_steps, options.samples, options.misclassified, options.correct_per_class,
                             options.picture_bytes, options.weight_bytes}) {
    require<ValueError>(count >= 0, "html: expected counts and sizes of 0 or more, got ", count);
  }
}

/// Whether the model puts out a row of probabilities, or logits, of the classes that the data is labelled with.
template <class T>
bool is_classifier(const BasicModel<T>& model, const Dataset& test) {
  const Shape& output = model.output_shape();
  if (output.rank() != 1 || output[0] < 2 || !test.has_targets()) return false;
  const bool one_hot = test.target_shape() == output;
  const bool class_numbers = test.target_shape().size() == 1;
  return (one_hot || class_numbers) && (model.state().final_activation() == softmax || ends_in_logits(model));
}

/// "26 x 26 x 32", with the sign for times.
inline std::string extents_text(const Shape& shape) {
  std::string out;
  for (std::int64_t extent : shape) out += (out.empty() ? "" : " \u00D7 ") + nacre::detail::grouped(extent);
  return out;
}

template <class T>
List<LayerFacts> layer_facts(const ModelState<T>& state) {
  List<LayerFacts> layers;
  const List<std::int64_t> counts = state.params_of_layers();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const GraphNode& node = state.graph.nodes[i];
    layers.push_back({node.name, node.layer.class_name(), extents_text(state.built_graph->node_outputs[i].shape)});
    layers.back().parameters = counts[i];
  }
  return layers;
}

template <class T>
std::optional<ConvolutionFacts> first_convolution(const BasicModel<T>& model) {
  for (const std::string& name : model.layer_names()) {
    if (const auto* found = model.layer(name).template get_if<Conv2D>()) return ConvolutionFacts{name, found->filters};
  }
  return std::nullopt;
}

template <class T>
void describe_run(PageFacts& facts, const BasicModel<T>& model, const Dataset& train, const Dataset& test,
                  const HtmlOptions& options) {
  const auto add = [&](const char* what, std::string value) { facts.run.emplace_back(what, std::move(value)); };
  if (!options.data_name.empty()) add("Data", options.data_name + (options.synthetic ? " (synthetic)" : ""));
  if (!train.empty()) add("Training data", train.to_string());
  add("Test data", test.to_string());
  if (model.compiled()) {
    add("Optimizer", model.state().compiled->optimizer.to_string());
    add("Loss", model.state().compiled->loss.to_string());
  }
  if (facts.epochs > 0) add("Epochs", std::to_string(facts.epochs));
  if (options.train_seconds > 0) add("Training time", readable_seconds(options.train_seconds));
  add("Seed", std::to_string(model.seed()));
  add("Threads", std::to_string(num_threads()));
  add("Processor", processor_name());
  add("Instruction set", std::string(kernels::name(kernels::isa())));
  add("nacre", std::string(version));
  add("Compiler", compiler_name());
  add("Written", options.time.empty() ? present_time() : options.time);
}

/// Why there is no canvas to draw on, in a sentence; empty where there is one.
inline std::string why_no_canvas(const PageFacts& facts, const Shape& input) {
  if (!facts.picture_shape || *facts.picture_shape != Shape{28, 28, 1}) {
    return text("the model takes samples of shape ", input, " and not grey pictures of 28 by 28 pixels");
  }
  if (!facts.found) return "the model does not tell classes apart";
  return facts.why_no_model;
}

/// All that the page says. The pictures and the embedded model are there only where the page has a use for them.
template <class T>
PageFacts gather(const BasicModel<T>& model, const History& history, const Dataset& train, const Dataset& test,
                 const HtmlOptions& options) {
  check(options, test);
  require<ShapeError>(train.empty() || train.feature_shape().size() == model.input_shape().size(),
                      "html: expected training samples as the model takes them, ", model.input_shape(), ", got ",
                      train.feature_shape());
  PageFacts facts{.title = options.title.empty() ? model.name() : options.title,
                  .synthetic = options.synthetic,
                  .train_seconds = options.train_seconds,
                  .epochs = static_cast<std::int64_t>(history.size()),
                  .data_name = options.data_name,
                  .train_samples = train.size(),
                  .test_samples = test.size(),
                  .picture_shape = reports::detail::picture_shape(model.input_shape()),
                  .layers = layer_facts(model.state()),
                  .parameters = model.count_params(),
                  .trainable = model.count_params(true),
                  .history = history};
  describe_run(facts, model, train, test, options);
  if (is_classifier(model, test)) facts.found = classify(model, test);
  facts.scores = scores_of(model, test, facts.found);
  if (options.timed_steps > 0 && model.compiled() && !train.empty()) {
    facts.step_times = step_times(model, train, {.batch_size = options.batch_size, .repeats = options.timed_steps});
  }
  facts.convolution = first_convolution(model);
  facts.why_no_model = why_not_embedded(model, options.weight_bytes);
  facts.why_no_canvas = why_no_canvas(facts, model.input_shape());
  if (!facts.found) return facts;

  for (std::int64_t label = 0; label < facts.found->classes(); ++label) {
    facts.class_names.push_back(reports::detail::class_name(options.class_names, label));
  }
  if (!facts.picture_shape) return facts;
  facts.chosen =
      choose_samples(*facts.found, train, {options.samples, options.misclassified, options.correct_per_class},
                     options.picture_bytes / facts.picture_shape->size());
  if (!facts.chosen.empty()) {
    facts.pictures = embedded_pictures(facts.chosen, *facts.found, train, test, *facts.picture_shape);
  }
  if (facts.why_no_canvas.empty()) facts.drawing = paper_and_ink(test);
  if (facts.why_no_canvas.empty() || (facts.convolution && facts.why_no_model.empty())) {
    facts.model = embedded_model(model);
  }
  return facts;
}

}  // namespace nacre::reports::page
