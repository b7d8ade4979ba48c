#pragma once
// Bodies of saving/saving.hpp.

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/layers/lambda.hpp>
#include <nacre/models/trainer.hpp>
#include <nacre/saving/registry.hpp>
#include <nacre/saving/safetensors.hpp>
#include <nacre/saving/saved_model.hpp>
#include <nacre/saving/saving.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

/// What a tensor of the optimizer is called in a file: "optimizer/momentum/dense/kernel".
[[gnu::cold]] inline std::string slot_tensor_name(std::string_view slot, std::string_view weight) {
  return text(optimizer_prefix, slot, "/", weight);
}

template <class T>
List<SafetensorsTensor> weight_tensors(const Parameters<T>& parameters) {
  List<SafetensorsTensor> tensors;
  for (const Weight& weight : parameters.weights()) {
    tensors.emplace_back(weight.name, weight.spec.shape, parameters.data(weight));
  }
  return tensors;
}

template <class T>
List<ExpectedTensor> expected_weights(const Parameters<T>& parameters) {
  List<ExpectedTensor> expected;
  for (const Weight& weight : parameters.weights()) expected.push_back({weight.name, weight.spec.shape});
  return expected;
}

template <class T>
void read_weights(SafetensorsReader& file, Parameters<T>& parameters) {
  for (const Weight& weight : parameters.weights()) file.read(weight.name, parameters.data(weight));
}

/// Throws ValueError, with the call that is missing, unless the class that a file names is known.
[[gnu::cold]] inline void require_registered(bool known, const Config& config, const std::string& place,
                                             std::string_view registration) {
  require<ValueError>(known, place, ": expected a class that is registered, found \"", config.class_name,
                      "\"; if it is your own, call ", registration, "<", config.class_name, ">() before load");
}

inline bool knows_layer(std::string_view class_name) {
  return Layer::inference_classes().contains(class_name) || Registry<Layer>::contains(class_name);
}

/// A value of the class that a file names. Throws ValueError for a class that nobody registered, FormatError for fields
/// that do not fit the class.
template <class Anything>
Anything make_registered(const Config& config, const std::string& place, std::string_view registration) {
  require_registered(Registry<Anything>::contains(config.class_name), config, place, registration);
  return blame_file(place, [&] { return Registry<Anything>::make(config); });
}

template <class T>
CompileOptions<T> make_compile_options(const std::string& file, const SavedCompile& saved) {
  CompileOptions<T> options{
      .optimizer = make_registered<AnyOptimizer<T>>(saved.optimizer, file + ": optimizer", "register_optimizer"),
      .loss = make_registered<AnyLoss<T>>(saved.loss, file + ": loss", "register_loss")};
  const auto metric_of = [&](const ConfigValue& saved_metric, const char* list) {
    const std::string place = file + ": " + list;
    const Config config = blame_file(place, [&] { return config_get<Config>(saved_metric, "a class"); });
    return make_registered<AnyMetric<T>>(config, place, "register_metric");
  };
  for (const ConfigValue& metric : saved.metrics) {
    options.metrics.push_back(metric_of(metric, "metrics"));
  }
  for (const ConfigValue& metric : saved.weighted_metrics) {
    options.weighted_metrics.push_back(metric_of(metric, "weighted_metrics"));
  }
  return options;
}

/// Throws ValueError for a description with a layer that is a function of the program.
[[gnu::cold]] inline void require_saveable(const ConfigValue& value) {
  if (const auto* list = value.get_if<ConfigList>()) {
    for (const ConfigValue& element : *list) require_saveable(element);
  }
  const auto* config = value.get_if<Config>();
  if (!config) return;
  require<ValueError>(config->class_name != Lambda::type_name,
                      "save: expected layers that a file can hold, found a Lambda, which is a function; write a class "
                      "with `call` and register it: register_layer<...>()");
  for (const ConfigEntry& entry : config->entries) require_saveable(entry.value);
}

/// The weights and slots that a file with this description must have.
[[gnu::cold]] inline List<ExpectedTensor> expected_tensors(const BuiltGraph& built, const List<Slot>& slots) {
  List<ExpectedTensor> expected;
  for (std::size_t layer = 0; layer < built.weights.size(); ++layer) {
    const GraphNode& node = built.flat.nodes[layer];
    for (const WeightSpec& spec : built.weights[layer]) {
      const std::string name = node.name + "/" + spec.name;
      expected.push_back({name, spec.shape});
      if (!spec.trainable || !node.trainable) continue;
      for (const Slot& slot : slots) {
        const Shape shape = slot.shape_for({0, spec.shape, name});
        if (shape.size() > 0) expected.push_back({slot_tensor_name(slot.name, name), shape});
      }
    }
  }
  return expected;
}

/// Throws ValueError for a loss that is a function.
template <class T>
[[gnu::cold]] void require_saveable_losses(const CompileOptions<T>& compiled) {
  const auto check = [](const AnyLoss<T>& loss) {
    require<ValueError>(!loss.has_value() || loss.class_name() != function_loss_name,
                        "save: expected a loss that a file can hold, found a function; write a class with type_name "
                        "and call in its place, or compile with another loss before");
  };
  check(compiled.loss);
  for (const OutputOptions<T>& output : compiled.outputs) check(output.loss);
}

}  // namespace detail

template <class T>
void save(const BasicModel<T>& model, const std::filesystem::path& path, SaveOptions options) {
  const ModelState<T>& state = model.state();
  std::map<std::string, std::string> metadata{{detail::version_key, std::string(version)}};
  const Config description = detail::describe_model(state);
  detail::require_saveable(description);
  metadata[detail::model_key] = to_json_text(description);
  List<SafetensorsTensor> tensors = detail::weight_tensors(state.parameters);
  if (state.compiled) {
    detail::require_saveable_losses(*state.compiled);
    const detail::SavedCompile saved = detail::describe_compile(state, options.include_optimizer);
    metadata[detail::compile_key] = to_json_text(get_config(saved));
    if (saved.step) {
      for (const auto& slot : std::as_const(*state.updater).slot_tensors()) {
        tensors.emplace_back(detail::slot_tensor_name(slot.slot, slot.weight), slot.shape, slot.data);
      }
    }
  }
  write_safetensors(path, metadata, tensors);
}

namespace detail {

/// The model in a file without its weights, and what its inputs are where it was built.
template <class T>
struct ReadModel {
  ModelState<T> state;
  std::optional<List<TensorSpec>> inputs;
};

template <class T>
[[gnu::cold]] ReadModel<T> read_graph_model(const SafetensorsReader& file, const ConfigValue& value) {
  const auto saved = read_saved<SavedGraphModel>(file, model_key, value);
  ReadModel<T> read;
  read.state.kind = "Model";
  read.state.name = saved.name;
  read.state.seed = static_cast<std::uint64_t>(saved.seed);
  read.state.graph = saved.graph;
  read.inputs.emplace();
  for (const Shape& shape : saved.input_shapes) read.inputs->push_back({shape});
  require<FormatError>(!saved.graph.inputs.empty() && !saved.graph.outputs.empty(), file.name(),
                       ": expected a graph with inputs and outputs, found none");
  require<FormatError>(read.inputs->size() == read.state.inputs(), file.name(), ": expected a shape for each of ",
                       read.state.inputs(), " inputs, found ", read.inputs->size());
  set_dtypes(file.name(), saved.input_dtypes, *read.inputs);
  read.state.declared_inputs = read.inputs;
  return read;
}

/// `make` makes a layer of its config.
template <class T, class Make>
[[gnu::cold]] ReadModel<T> read_chain(const SafetensorsReader& file, const ConfigValue& value, Make make) {
  const auto saved = read_saved<SavedModel>(file, model_key, value);
  check_layer_names(file, saved);
  ReadModel<T> read;
  ModelState<T>& state = read.state;
  state.name = saved.name;
  state.seed = static_cast<std::uint64_t>(saved.seed);
  if (saved.input_shape) {
    read.inputs = List<TensorSpec>{{*saved.input_shape}};
    set_dtypes(file.name(), saved.input_dtypes, *read.inputs);
  }
  if (saved.declares_input) state.declared_inputs = read.inputs;
  for (std::size_t layer = 0; layer < saved.layers.size(); ++layer) {
    const std::string& name = saved.layer_names[layer];
    const std::string place = text(file.name(), ": layer ", layer, " \"", name, "\"");
    const Config config = blame_file(place, [&] { return config_get<Config>(saved.layers[layer], "a class"); });
    state.append(make(config, place), name, false);
    const bool frozen = std::find(saved.frozen.begin(), saved.frozen.end(), name) != saved.frozen.end();
    state.graph.nodes.back().trainable = !frozen;
  }
  return read;
}

/// The description of the model in a file.
template <class T, class Make>
[[gnu::cold]] ReadModel<T> read_model(const SafetensorsReader& file, Make make) {
  const std::optional<ConfigValue> value = read_metadata(file, model_key);
  require<FormatError>(value.has_value(), file.name(), ": expected a model that nacre saved, found no \"", model_key,
                       "\" in its metadata; to read weights into a model of your own use load_weights");
  const auto* config = value->get_if<Config>();
  if (config != nullptr && config->class_name == SavedGraphModel::type_name) return read_graph_model<T>(file, *value);
  return read_chain<T>(file, *value, make);
}

/// Builds the model and reads its weights. No memory is taken for weights before the file is known to have them.
/// @param slots what the optimizer keeps for each weight, where that is to be there, too.
template <class T>
[[gnu::cold]] void read_built(SafetensorsReader& file, ReadModel<T>& read, const List<Slot>& slots,
                              bool ignore_optimizer) {
  BuiltGraph built;
  if (read.inputs) built = blame_file(file.name(), [&] { return read.state.outline(*read.inputs); });
  check_tensors(file, expected_tensors(built, slots), ignore_optimizer);
  if (!read.inputs) return;
  read.state.build_zero(std::move(built));
  read_weights(file, read.state.parameters);
}

}  // namespace detail

template <class T>
[[gnu::cold]] BasicModel<T> load(const std::filesystem::path& path, LoadOptions options) {
  register_built_in_classes<T>();
  SafetensorsReader file(path);
  auto read = detail::read_model<T>(file, [](const Config& config, const std::string& place) {
    return detail::make_registered<Layer>(config, place, "register_layer");
  });
  const auto saved = options.compile ? detail::read_metadata(file, detail::compile_key) : std::nullopt;
  std::optional<detail::SavedCompile> training;
  List<Slot> slots;
  if (saved) {
    training = detail::read_saved<detail::SavedCompile>(file, detail::compile_key, *saved);
    CompileOptions<T> compiled = detail::make_compile_options<T>(file.name(), *training);
    detail::blame_file(file.name(), [&] { read.state.compile(checked(std::move(compiled))); });
    if (training->step && read.inputs) slots = read.state.compiled->optimizer.slots();
  }
  detail::read_built(file, read, slots, !options.compile);
  if (training && training->step && read.inputs) {
    Updater<T>& updater = *read.state.updater;
    detail::blame_file(file.name(), [&] { updater.set_step(*training->step); });
    for (const auto& slot : updater.slot_tensors()) {
      file.read(detail::slot_tensor_name(slot.slot, slot.weight), slot.data);
    }
  }
  return BasicModel<T>(std::move(read.state));
}

template <class T>
[[gnu::cold]] BasicModel<T> load(const std::filesystem::path& path, Inference) {
  detail::register_parts();
  register_inference_activations();
  register_inference_layers();
  SafetensorsReader file(path);
  auto read = detail::read_model<T>(file, [](const Config& config, const std::string& place) {
    detail::require_registered(detail::knows_layer(config.class_name), config, place, "register_layer");
    return detail::blame_file(place, [&] { return Layer::make_for_inference(config); });
  });
  detail::read_built(file, read, {}, true);
  return BasicModel<T>(std::move(read.state));
}

template <class T>
void save_weights(const BasicModel<T>& model, const std::filesystem::path& path) {
  require<StateError>(model.built(),
                      "save_weights: expected a model that is built; call build(shape) or fit before it");
  write_safetensors(path, {{detail::version_key, std::string(version)}},
                    detail::weight_tensors(model.state().parameters));
}

template <class T>
void load_weights(BasicModel<T>& model, const std::filesystem::path& path) {
  require<StateError>(model.built(),
                      "load_weights: expected a model that is built; call build(shape) or fit before it");
  SafetensorsReader file(path);
  Parameters<T>& parameters = model.state().parameters;
  detail::check_tensors(file, detail::expected_weights(parameters), true);
  Parameters<T> read = parameters;
  detail::read_weights(file, read);
  model.state().as_drawn = false;
  // In place: the model's networks know where its weights lie.
  std::copy(read.trainable().begin(), read.trainable().end(), parameters.trainable().begin());
  std::copy(read.non_trainable().begin(), read.non_trainable().end(), parameters.non_trainable().begin());
}

}  // namespace nacre
