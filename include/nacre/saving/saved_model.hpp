#pragma once
// What a saved model says of itself, besides its weights: texts in the file's metadata.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/config.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/sorted.hpp>
#include <nacre/core/version.hpp>
#include <nacre/models/graph_config.hpp>
#include <nacre/models/model_state.hpp>
#include <nacre/saving/json.hpp>
#include <nacre/saving/safetensors.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

/// The names of the metadata's texts.
inline constexpr const char* version_key = "nacre_version";
inline constexpr const char* model_key = "model_config";
inline constexpr const char* compile_key = "compile_config";

/// What tensors of the optimizer begin with: "optimizer/velocity/dense/kernel".
inline constexpr std::string_view optimizer_prefix = "optimizer/";

/// A model's layers and what it is built with. One of layers one after another lists them, another one has a graph.
struct SavedModel {
  static constexpr std::string_view type_name = "Sequential";
  std::string name;
  std::int64_t seed = 0;                    ///< the seed's 64 bits, as a signed number
  std::optional<Shape> input_shape;         ///< none: the model is not built
  std::vector<std::string> input_dtypes{};  ///< "float32" or "int32"; none: floating numbers
  bool declares_input = false;              ///< whether the model begins with Input
  std::vector<std::string> layer_names;
  ConfigList layers;
  std::vector<std::string> frozen;  ///< the names of layers that are not trained
  void fields(Fields& list) {
    list("name", name);
    list("seed", seed);
    list("input_shape", input_shape);
    list("input_dtypes", input_dtypes);
    list("declares_input", declares_input);
    list("layer_names", layer_names);
    list("layers", layers);
    list("frozen", frozen);
  }
};

/// A model with branches.
struct SavedGraphModel {
  static constexpr std::string_view type_name = "Functional";
  std::string name;
  std::int64_t seed = 0;
  List<Shape> input_shapes;
  std::vector<std::string> input_dtypes;  ///< "float32" or "int32"; none: all are floating numbers
  Graph graph;
  void fields(Fields& list) {
    list("name", name);
    list("seed", seed);
    list("input_shapes", input_shapes);
    list("input_dtypes", input_dtypes);
    list("graph", graph);
  }
};

/// How a model learns, and how far the optimizer has come.
struct SavedCompile {
  static constexpr std::string_view type_name = "CompileOptions";
  Config optimizer;
  Config loss;
  ConfigList metrics;
  ConfigList weighted_metrics;
  std::optional<std::int64_t> step;  ///< none: what the optimizer has gathered is not in the file
  void fields(Fields& list) {
    list("optimizer", optimizer);
    list("loss", loss);
    list("metrics", metrics);
    list("weighted_metrics", weighted_metrics);
    list("step", step);
  }
};

/// A weight or a slot that a file must have.
struct ExpectedTensor {
  std::string name;
  Shape shape;
};

/// Calls `make` and puts `place` before the text of what it throws, which the file is to blame for.
template <class Make>
auto blame_file(std::string_view place, Make&& make) {
  try {
    return make();
  } catch (const Error& error) {
    throw FormatError(text(place, ": ", error.what()));
  }
}

/// The dtype of each input; none where all are floating numbers.
template <class T>
[[gnu::cold]] std::vector<std::string> input_dtypes(const ModelState<T>& state) {
  std::vector<std::string> dtypes;
  bool any_integers = false;
  for (const TensorSpec& input : state.built_graph->inputs) {
    dtypes.push_back(input.integers ? "int32" : "float32");
    any_integers |= input.integers;
  }
  return any_integers ? dtypes : std::vector<std::string>();
}

/// Takes over what `input_dtypes` said. Throws FormatError for what it does not say.
[[gnu::cold]] inline void set_dtypes(const std::string& file, const std::vector<std::string>& dtypes,
                                     List<TensorSpec>& inputs) {
  require<FormatError>(dtypes.empty() || dtypes.size() == inputs.size(), file, ": expected a dtype for each of ",
                       inputs.size(), " inputs, found ", dtypes.size());
  for (std::size_t k = 0; k < dtypes.size(); ++k) {
    inputs[k].integers = dtypes[k] == "int32";
    require<FormatError>(inputs[k].integers || dtypes[k] == "float32", file,
                         ": expected dtype float32 or int32, found \"", dtypes[k], "\"");
  }
}

/// What is saved of a model.
template <class T>
[[gnu::cold]] Config describe_model(const ModelState<T>& state) {
  const auto seed = static_cast<std::int64_t>(state.seed);
  if (!state.graph.is_chain()) {
    SavedGraphModel saved{state.name, seed, {}, input_dtypes(state), state.graph};
    for (const TensorSpec& input : state.built_graph->inputs) saved.input_shapes.push_back(input.shape);
    return get_config(saved);
  }
  SavedModel saved;
  saved.name = state.name;
  saved.seed = seed;
  if (state.built()) {
    saved.input_shape = state.input_shape();
    saved.input_dtypes = input_dtypes(state);
  }
  saved.declares_input = state.declared_inputs.has_value();
  for (const GraphNode& node : state.graph.nodes) {
    saved.layer_names.push_back(node.name);
    saved.layers.push_back(node.layer.config());
    if (!node.trainable) saved.frozen.push_back(node.name);
  }
  return get_config(saved);
}

/// What is saved of how it learns; `with_optimizer`: with the steps made so far.
template <class T>
[[gnu::cold]] SavedCompile describe_compile(const ModelState<T>& state, bool with_optimizer) {
  SavedCompile saved;
  // The one that is at work may have another learning rate by now.
  saved.optimizer = state.updater ? state.updater->optimizer().config() : state.compiled->optimizer.config();
  saved.loss = state.compiled->loss.config();
  for (const AnyMetric<T>& metric : state.compiled->metrics) saved.metrics.push_back(metric.config());
  for (const AnyMetric<T>& metric : state.compiled->weighted_metrics) saved.weighted_metrics.push_back(metric.config());
  if (state.updater && with_optimizer) saved.step = state.updater->step();
  return saved;
}

/// One of the metadata's texts; nothing where there is none. Throws FormatError for one that is not JSON.
[[gnu::cold]] inline std::optional<ConfigValue> read_metadata(const SafetensorsReader& file, const char* key) {
  const auto found = file.metadata().find(key);
  if (found == file.metadata().end()) return std::nullopt;
  return from_json_text(found->second, file.name() + ": " + key);
}

/// One of the metadata's descriptions. Throws FormatError for one that is not as `save` writes it.
template <class Saved>
[[gnu::cold]] Saved read_saved(const SafetensorsReader& file, const char* key, const ConfigValue& value) {
  const std::string place = file.name() + ": " + key;
  const auto* config = value.get_if<Config>();
  require<FormatError>(config != nullptr && config->class_name == Saved::type_name, place, ": expected a ",
                       Saved::type_name, ", found ", brief(value));
  return blame_file(place, [&] { return from_config<Saved>(*config); });
}

/// Throws FormatError unless the layers' names are as many as the layers, none empty and each different.
[[gnu::cold]] inline void check_layer_names(const SafetensorsReader& file, const SavedModel& saved) {
  require<FormatError>(saved.layer_names.size() == saved.layers.size(), file.name(), ": expected a name for each of ",
                       saved.layers.size(), " layers, found ", saved.layer_names.size());
  List<std::string_view> names;
  for (const std::string& name : saved.layer_names) {
    require<FormatError>(!name.empty(), file.name(), ": expected layers of different names, found \"\"");
    names.push_back(name);
  }
  names = sorted_texts(names);
  if (const std::string_view* twice = find_twice(names))
    throw FormatError(text(file.name(), ": expected layers of different names, found \"", *twice, "\" twice"));
}

/// Throws FormatError unless the file has all of `expected`, shaped so, and nothing else. With `ignore_optimizer` it
/// may have tensors of an optimizer, too.
[[gnu::cold]] inline void check_tensors(const SafetensorsReader& file, const List<ExpectedTensor>& expected,
                                        bool ignore_optimizer) {
  List<std::string_view> known;
  for (const ExpectedTensor& tensor : expected) {
    const auto found = file.tensors().find(tensor.name);
    require<FormatError>(found != file.tensors().end(), file.name(), ": expected tensor \"", tensor.name,
                         "\" of shape ", tensor.shape, ", found none of that name");
    const SafetensorsEntry& entry = found->second;
    require<FormatError>(entry.shape == tensor.shape, file.name(), ": tensor \"", tensor.name, "\": expected shape ",
                         tensor.shape, ", found ", entry.shape);
    require<FormatError>(entry.dtype == "F32" || entry.dtype == "F64", file.name(), ": tensor \"", tensor.name,
                         "\": expected dtype F32 or F64, found ", entry.dtype);
    known.push_back(tensor.name);
  }
  known = sorted_texts(known);
  if (const std::string_view* twice = find_twice(known))
    throw FormatError(text(file.name(), ": expected weights of different names, found \"", *twice, "\" twice"));
  for (const auto& [name, entry] : file.tensors()) {
    if (contains_sorted(known, name)) continue;
    if (ignore_optimizer && name.rfind(optimizer_prefix, 0) == 0) continue;
    throw FormatError(text(file.name(), ": expected the model's weights alone, found tensor \"", name, "\" of shape ",
                           entry.shape, ", which no layer has"));
  }
}

}  // namespace detail
}  // namespace nacre
