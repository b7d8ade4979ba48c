#pragma once
// Reference cases of whole graphs: outputs and gradients, and training.

#include "graph.hpp"
#include "loss.hpp"
#include "optimizer.hpp"

#include <nacre/core/snake_case.hpp>
#include <nacre/losses/losses.hpp>
#include <nacre/models/model_state.hpp>
#include <nacre/models/network.hpp>
#include <nacre/optimizers/optimizers.hpp>

namespace oracles {

/// The outputs of a graph and the gradients of sum(output * dOutput), by inputs and weights.
template <class T>
void run_model(const Json& json) {
  const Tolerance tolerance(json.at("tolerance"));
  const CaseGraph graph = make_case_graph(json.at("model").at("config"));
  nacre::BasicModel<T> model(graph.inputs, graph.outputs);
  const CaseWeights weights(json.at("weights"));
  weights.set(model, json.at("weights"));
  auto& state = model.state();
  const bool training = json.at("training").get<bool>();
  const auto pool = nacre::thread_pool();

  std::int64_t batch = 0;
  nacre::Buffer<T> gradients(state.parameters.trainable().size());
  std::unique_ptr<nacre::Network<T>> network;
  for (std::size_t k = 0; k < graph.inputs.size(); ++k) {
    const Values<T> x(json.at("x").at(graph.input_names[k]));
    if (!network) {
      batch = x.shape.front();
      network = nacre::make_network(state, batch, {.training = true, .input_gradient = true}, gradients.data());
    }
    if (network->takes_integers(k)) {
      auto* const integers = reinterpret_cast<std::int32_t*>(network->input(k));
      std::transform(x.data.begin(), x.data.end(), integers, [](T id) { return static_cast<std::int32_t>(id); });
    } else {
      std::copy(x.data.begin(), x.data.end(), network->input(k));
    }
  }
  network->forward(training, 1, 0, *pool);
  for (std::size_t k = 0; k < graph.outputs.size(); ++k) {
    compare("output " + graph.output_names[k], network->output(k), json.at("outputs").at(graph.output_names[k]),
            tolerance);
    const Values<T> gradient(json.at("dOutputs").at(graph.output_names[k]));
    std::copy(gradient.data.begin(), gradient.data.end(), network->output_gradient(k).elements());
  }
  nacre::GradientStore<T> sink(gradients.data());
  network->backward(training, 1, 0, sink, *pool);
  for (std::size_t k = 0; k < graph.inputs.size(); ++k) {
    if (!json.at("dInputs").contains(graph.input_names[k])) continue;
    compare("dInput " + graph.input_names[k], network->input_gradient(k), json.at("dInputs").at(graph.input_names[k]),
            tolerance);
  }
  std::size_t next = 0;
  std::size_t after = 0;
  for (std::size_t i = 0; i < weights.names.size(); ++i) {
    const nacre::Weight& weight = state.parameters.find(weights.names[i]);
    const bool trainable = json.at("weights")[i].at("trainable").get<bool>();
    nacre::require<Mismatch>(weight.trainable == trainable, weights.names[i], ": expected ",
                             trainable ? "a trainable weight" : "one that is not trainable");
    if (trainable) {
      compare("d" + weight.name, gradients.data() + weight.offset, weight.spec.shape.size(),
              json.at("dWeights").at(next++), tolerance);
    } else if (json.contains("weightsAfter")) {
      compare(weight.name + " afterwards", state.parameters.data(weight), weight.spec.shape.size(),
              json.at("weightsAfter").at(after++), tolerance);
    }
  }
}

template <class T>
nacre::AnyLoss<T> loss_of(const Json& json) {
  if (json.is_string()) return nacre::AnyLoss<T>(json.get<std::string>());
  return make<nacre::AnyLoss<T>>(json);
}

/// The columns of a case's tensors, in the order of `names`.
template <class T>
nacre::Columns columns_of(const Json& tensors, const std::vector<std::string>& names) {
  nacre::Columns columns;
  for (const std::string& name : names) {
    const Values<T> values(tensors.at(name));
    columns.emplace_back(name, nacre::Column(std::vector<T>(values.data.begin(), values.data.end()),
                                             values.shape.front(), values.shape.from(1)));
  }
  return columns;
}

/// Predictions before and after, the loss of each step, and the weights after the first and the last.
template <class T>
void run_train_model(const Json& json) {
  const Tolerance tolerance(json.at("tolerance"));
  const CaseGraph graph = make_case_graph(json.at("model").at("config"));
  nacre::BasicModel<T> model(graph.inputs, graph.outputs);
  Json optimizer = json.at("optimizer");
  if (optimizer.contains("exclude_from_weight_decay")) {
    optimizer["config"]["exclude_from_weight_decay"] = optimizer["exclude_from_weight_decay"].at("var_names");
  }
  nacre::CompileOptions<T> options{.optimizer = make<nacre::AnyOptimizer<T>>(optimizer)};
  for (const std::string& name : graph.output_names) {
    nacre::OutputOptions<T> output;
    output.loss = loss_of<T>(json.at("losses").at(name));
    if (json.contains("loss_weights")) output.loss_weight = json.at("loss_weights").value(name, 1.0);
    options.outputs.push_back(std::move(output));
  }
  model.compile(std::move(options));
  const CaseWeights weights(json.at("weights"));
  weights.set(model, json.at("weights"));

  nacre::Dataset data(columns_of<T>(json.at("x"), graph.input_names), columns_of<T>(json.at("y"), graph.output_names));
  for (std::size_t k = 0; k < graph.output_names.size() && json.contains("sample_weight"); ++k) {
    if (!json.at("sample_weight").contains(graph.output_names[k])) continue;
    const Values<double> given(json.at("sample_weight").at(graph.output_names[k]));
    if (given.shape.rank() != 1) throw Unsupported("weights of single positions");
    data = data.with_sample_weights(std::vector<double>(given.data.begin(), given.data.end()), k);
  }
  const auto compare_predictions = [&](const char* when) {
    const auto predictions = model.predict_all(data);
    for (std::size_t k = 0; k < predictions.size(); ++k) {
      compare(when + (" " + graph.output_names[k]), predictions[k].data(),
              static_cast<std::int64_t>(predictions[k].size()), json.at(when).at(graph.output_names[k]), tolerance);
    }
  };
  const auto compare_weights = [&](const char* when) {
    for (std::size_t i = 0; i < weights.names.size(); ++i) {
      compare(weights.names[i] + (" " + std::string(when)), std::as_const(model).weight(weights.names[i]),
              json.at(when)[i], tolerance);
    }
  };
  compare_predictions("predictBefore");
  const auto steps = json.at("steps").get<std::size_t>();
  for (std::size_t step = 0; step < steps; ++step) {
    const auto logs = model.train_on_batch(data);
    compare(nacre::text("loss of step ", step), logs["loss"], json.at("lossPerStep")[step], tolerance);
    if (step == 0) compare_weights("weightsAfterStep1");
  }
  compare_weights("weightsAfter");
  compare_predictions("predictAfter");
}

/// Predictions of a layer that keeps state over batches, and resets it in between.
template <class T>
void run_stateful(const Json& json) {
  const Tolerance tolerance(json.at("tolerance"));
  const nacre::Layer layer = make<nacre::Layer>(json.at("layer"));
  const Json& calls = json.at("calls");
  const nacre::SymbolicTensor input(to_shape(calls.at(0).at("input").at("shape")).from(1));
  nacre::BasicModel<T> model(input, layer(input));
  const std::vector<std::string> names = model.weight_names();
  nacre::require<Mismatch>(names.size() == json.at("weights").size(), "weights: expected ", json.at("weights").size(),
                           ", got ", names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Values<T> values(json.at("weights")[i]);
    std::copy(values.data.begin(), values.data.end(), model.weight(names[i]).elements());
  }
  std::size_t number = 0;
  for (const Json& call : calls) {
    if (call.contains("reset")) {
      model.reset_states();
      continue;
    }
    const Values<T> x(call.at("input"));
    const auto output = model.predict(nacre::samples(x.data.data(), x.shape.front(), x.shape.from(1)));
    compare(nacre::text("output ", number++), output.data(), static_cast<std::int64_t>(output.size()),
            call.at("output"), tolerance);
  }
}

/// A case of one layer as one of a model that has nothing else: for layers of several inputs, and those made of others.
inline Json as_model(const Json& layer_case) {
  Json model = layer_case;
  const bool several = layer_case.contains("inputs");
  const Json inputs = several ? layer_case.at("inputs") : Json::array({layer_case.at("input")});
  const Json gradients = several ? layer_case.at("dInputs") : Json::array({layer_case.at("dInput")});
  model["dInputs"] = Json::object();
  Json& config = model["model"]["config"];
  config["outputs"] = Json::array({"layer"});
  Json node{{"name", "layer"}, {"inputs", Json::array()}};
  node.update(layer_case.at("layer"));
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const std::string name = nacre::text("x", k);
    const auto shape = inputs[k].at("shape").get<std::vector<std::int64_t>>();
    config["inputs"].push_back({{"name", name}, {"shape", std::vector(shape.begin() + 1, shape.end())}});
    node["inputs"].push_back(name);
    model["x"][name] = inputs[k];
    model["dInputs"][name] = gradients[k];
  }
  config["nodes"] = Json::array({node});
  if (layer_case.contains("mask")) {
    // The mask is an input, of which a layer before this one makes that of the sequence.
    Json mask = layer_case.at("mask");
    mask["shape"].push_back(1);
    const auto shape = mask.at("shape").get<std::vector<std::int64_t>>();
    config["inputs"].push_back({{"name", "mask"}, {"shape", std::vector(shape.begin() + 1, shape.end())}});
    config["nodes"][0]["inputs"] = Json::array({"masked"});
    Json masked{{"name", "masked"}, {"class_name", "masked by"}, {"config", Json::object()}};
    masked["inputs"] = Json::array({"x0", "mask"});
    config["nodes"] = Json::array({masked, config["nodes"][0]});
    model["x"]["mask"] = mask;
  }
  model["outputs"]["layer"] = layer_case.at("output");
  model["dOutputs"]["layer"] = layer_case.at("dOutput");
  for (Json& weight : model["weights"]) {
    // Keras numbers the layers of a program: dense_6/kernel.
    const auto name = weight.at("name").get<std::string>();
    const std::string own = nacre::snake_case(layer_case.at("layer").at("class_name").get<std::string>()) + "/";
    const std::size_t first = name.rfind(own, 0) == 0 ? own.size() : 0;
    const std::string owner = name.substr(first, name.find('/', first) - first);
    weight["node"] = "layer/" + owner.substr(0, owner.find_last_not_of("0123456789_") + 1);
    if (owner.find("2d") != std::string::npos) weight["node"] = "layer/" + owner.substr(0, owner.find("2d") + 2);
  }
  return model;
}

}  // namespace oracles
