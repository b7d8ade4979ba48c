#pragma once
// Bodies of layers/symbolic_tensor.hpp and layers/symbolic_node.hpp.

#include <algorithm>
#include <atomic>

#include <nacre/core/list.hpp>
#include <nacre/layers/symbolic_node.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

inline std::uint64_t next_symbolic_number() {
  static std::atomic<std::uint64_t> number{0};
  return ++number;
}

NACRE_SETUP SymbolicTensor make_input(const TensorSpec& spec, std::string name) {
  require_positive_extents(spec.shape, "Input: samples");
  auto node = std::make_shared<SymbolicNode>();
  node->number = next_symbolic_number();
  node->outputs = {spec};
  node->name = std::move(name);
  return {std::move(node), 0};
}

NACRE_SETUP const TensorSpec& spec_of(const SymbolicTensor& tensor) { return tensor.node()->outputs[tensor.index()]; }

NACRE_SETUP const SymbolicTensor& only_tensor(const SymbolicTensors& tensors) {
  require<ShapeError>(tensors.size() == 1, "expected one input, got ", tensors.size());
  return tensors[0];
}

NACRE_SETUP std::string name_and_class(std::string_view name, const Layer& layer) {
  return name.empty() ? layer.class_name() : text("\"", name, "\" (", layer.class_name(), ")");
}

/// The outputs of a layer that is made of others: it is called on placeholders, to see what comes out.
NACRE_SETUP List<TensorSpec> composite_outputs(const Layer& layer, const List<TensorSpec>& inputs) {
  SymbolicTensors placeholders;
  for (const TensorSpec& input : inputs) placeholders.push_back(make_input(input, {}));
  List<TensorSpec> outputs;
  for (const SymbolicTensor& output : layer.call(placeholders)) outputs.push_back(spec_of(output));
  require<ValueError>(!outputs.empty(), "expected one output or more of call, got none");
  return outputs;
}

NACRE_SETUP List<TensorSpec> outputs_of(const Layer& layer, const List<TensorSpec>& inputs, LayerBuilder& builder) {
  require<ShapeError>(!inputs.empty(), "expected one input or more, got none");
  if (layer.is_composite()) return composite_outputs(layer, inputs);
  Shapes shapes;
  List<std::optional<Shape>> masks;
  std::vector<char> integers;
  for (const TensorSpec& input : inputs) {
    masks.push_back(input.mask);
    integers.push_back(input.integers);
    require<ShapeError>(input.fold == inputs[0].fold, "expected inputs of one batch, got ", inputs[0].fold, " and ",
                        input.fold, " samples for each of the batch");
    shapes.push_back(input.shape);
  }
  const bool any_mask = std::any_of(masks.begin(), masks.end(), [](const auto& mask) { return mask.has_value(); });
  if (any_mask) builder.set_input_masks(std::move(masks));
  const bool any_integers = std::find(integers.begin(), integers.end(), char{1}) != integers.end();
  if (any_integers) builder.set_integer_inputs(std::move(integers));
  const Shape first = layer.build(shapes, builder);
  const bool passes = builder.shares_input() && !builder.activity_regularizer().has_value();
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const bool takes = builder.takes_integers(k) || builder.ignores_values(k) || (passes && k == 0);
    require<ValueError>(!inputs[k].integers || takes,
                        "expected floating numbers, got int32 ones; put a layer before it "
                        "that makes such of them, as ops::one_hot, or begin with an Input without dtype");
  }
  const std::int64_t fold = builder.folded(inputs[0].fold);
  List<TensorSpec> outputs{{first, fold}};
  outputs[0].integers = builder.makes_integers() || (passes && inputs[0].integers);
  for (const Shape& further : builder.further_outputs()) outputs.push_back({further, fold});
  if (builder.output_mask()) {
    const Shape& axes = *builder.output_mask();
    require<ShapeError>(axes.rank() <= first.rank() && std::equal(axes.begin(), axes.end(), first.begin()),
                        "expected a mask of the output's first axes, ", first, ", got one of ", axes);
    outputs[0].mask = axes;
  }
  for (const TensorSpec& output : outputs) {
    require_positive_extents(output.shape, "output");
    require_addressable(output.shape);
  }
  return outputs;
}

NACRE_SETUP SymbolicTensors call_layer(std::shared_ptr<const CalledLayer> layer, const SymbolicTensors& inputs) {
  auto node = std::make_shared<SymbolicNode>();
  List<TensorSpec> specs;
  for (const SymbolicTensor& input : inputs) specs.push_back(spec_of(input));
  const std::string name = layer->name.empty() ? layer->layer.name() : layer->name;
  try {
    LayerBuilder builder;
    node->outputs = outputs_of(layer->layer, specs, builder);
  } catch (const ShapeError& error) {
    throw ShapeError(text(name_and_class(name, layer->layer), ": ", error.what()));
  } catch (const ValueError& error) {
    throw ValueError(text(name_and_class(name, layer->layer), ": ", error.what()));
  }
  node->number = next_symbolic_number();
  node->layer = std::move(layer);
  node->inputs = inputs;
  SymbolicTensors outputs;
  for (std::size_t output = 0; output < node->outputs.size(); ++output) outputs.emplace_back(node, output);
  return outputs;
}

NACRE_SETUP SymbolicTensors call_whole(Layer layer, const SymbolicTensors& inputs) {
  const std::shared_ptr<const CalledLayer> called = std::make_shared<CalledLayer>(CalledLayer{std::move(layer)});
  return call_layer(called, inputs);
}

}  // namespace detail

NACRE_SETUP SymbolicTensor::SymbolicTensor(const Shape& shape, std::string name)
    : SymbolicTensor(detail::make_input({shape}, std::move(name))) {}

NACRE_SETUP const Shape& SymbolicTensor::shape() const { return detail::spec_of(*this).shape; }

NACRE_SETUP std::size_t SymbolicTensor::outputs() const { return node_->outputs.size(); }

NACRE_SETUP SymbolicTensor SymbolicTensor::output(std::size_t index) const {
  require<ValueError>(index < outputs(), "SymbolicTensor: expected an output below ", outputs(), ", got ", index);
  return {node_, index};
}

NACRE_SETUP SymbolicTensor call_layer(Layer layer, const SymbolicTensors& inputs) {
  return detail::call_whole(std::move(layer), inputs).front();
}

}  // namespace nacre
