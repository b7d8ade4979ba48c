#pragma once
// What a model makes of a source's columns, and the source of what it is given.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/shape.hpp>
#include <nacre/data/batches.hpp>
#include <nacre/models/model_state.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// What a model is given of the columns in batches of a source: in the order of its inputs and outputs.
struct MatchedColumns {
  List<std::size_t> features;  ///< for each input, which column is for it
  List<std::size_t> targets;   ///< for each output
};

/// For each input, which of a source's columns of features is for it. Throws ShapeError and ValueError, naming the
/// column, where they do not go with the model. `samples`, where it is known, is for a hint.
template <class T>
[[gnu::cold]] List<std::size_t> match_features(const ModelState<T>& state, const BatchSpec& spec,
                                               std::string_view place, std::int64_t samples = 0) {
  const List<std::size_t> order = detail::order_columns(spec.features, state.graph.inputs, place, "features");
  for (std::size_t k = 0; k < state.inputs(); ++k) {
    const Shape& expected = state.input_shape(k);
    const Shape& found = spec.features[order[k]].shape;
    require<ShapeError>(found == expected, place, ": expected samples of shape ", expected,
                        state.inputs() > 1 ? " for \"" + state.graph.inputs[k] + "\"" : "", ", got ", found,
                        shape_hint(expected, found, samples));
  }
  return order;
}

/// The same for inputs and outputs.
template <class T>
[[gnu::cold]] MatchedColumns match_columns(const ModelState<T>& state, const BatchSpec& spec,
                                           std::int64_t samples = 0) {
  require<ValueError>(!spec.targets.empty(), state.kind, ": expected a data set with targets");
  MatchedColumns matched{match_features(state, spec, state.kind, samples),
                         detail::order_columns(spec.targets, state.graph.output_names(), state.kind, "targets")};
  for (std::size_t k = 0; k < state.outputs(); ++k) {
    const AnyLoss<T> loss = state.output_options(k).loss;
    if (loss.has_value()) loss.check_shapes(state.output_shape(k), spec.targets[matched.targets[k]].shape);
  }
  return matched;
}

/// Throws ValueError for class numbers in a data set that the model has no output for, and for features that are no
/// integers where it takes these.
template <class T>
[[gnu::cold]] void require_class_numbers(const ModelState<T>& state, const Dataset& data) {
  const MatchedColumns matched = match_columns(state, data.batch_spec(), data.size());
  for (std::size_t k = 0; k < state.inputs(); ++k) {
    if (state.built_graph->inputs[k].integers) data.require_integers(state.kind, matched.features[k]);
  }
  for (std::size_t k = 0; k < state.outputs(); ++k) {
    const AnyLoss<T> loss = state.output_options(k).loss;
    if (!loss.has_value() || !loss.takes_class_numbers() || loss.ignore_class()) continue;
    const Shape output = detail::axis_last(state.output_shape(k), loss.axis());
    const std::int64_t classes = output.empty() ? 1 : output.back();
    require<ValueError>(sizeof(T) > 4 || classes <= std::int64_t{1} << 24, loss.class_name(),
                        ": expected at most 2^24 classes, as targets beyond are not exact in float, got ", classes);
    data.require_class_numbers(classes, loss.class_name(), matched.targets[k]);
  }
}

/// The batches of a data set or a generator for a model. Throws ShapeError and ValueError where they do not go with it.
template <class T>
[[gnu::cold]] std::unique_ptr<BatchSource<T>> make_source(const ModelState<T>& state, const Batches& data,
                                                          const BatchOptions& options) {
  if (data.dataset() != nullptr) require_class_numbers(state, *data.dataset());
  std::unique_ptr<BatchSource<T>> source = data.source<T>(options);
  if (data.dataset() != nullptr && data.whole())
    state.layer_states.require_batches(data.dataset()->size(), source->spec().batch_size, state.kind);
  return source;
}

}  // namespace nacre
