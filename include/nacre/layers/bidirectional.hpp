#pragma once
// Bidirectional: a recurrent layer from both ends of a sequence.

#include <optional>
#include <string>

#include <nacre/core/snake_case.hpp>
#include <nacre/core/words.hpp>
#include <nacre/layers/identity.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/layer_field.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Bidirectional.
struct BidirectionalOptions {
  /// How both outputs are put together: "concat", one behind the other along the last axis, "sum", "mul", "ave", or
  /// "none", as two outputs (Keras' None).
  std::string merge_mode = "concat";
  std::optional<Layer> backward_layer{};  ///< the layer that begins at the end, if it is to be another one
  std::string name{};
  void fields(Fields& list) {
    list("merge_mode", merge_mode);
    list.if_any("backward_layer", backward_layer);
    list("name", name);
  }
};

/// A recurrent layer and a second one of the same options that goes over the steps the other way:
/// `Bidirectional(LSTM(64, {.return_sequences = true}))`. Input and outputs are those of the layer. Where it returns
/// sequences, those of the second one are put into the order of the input, and outputs of masked steps are zeros.
/// Further inputs are the initial states of the first layer, then those of the second; with return_state their last
/// states are further outputs, in the same order. Schuster and Paliwal, "Bidirectional recurrent neural networks",
/// 1997.
struct Bidirectional : Callable<Bidirectional> {
  static constexpr std::string_view type_name = "Bidirectional";

  /// Throws ValueError for a layer without the options of recurrent layers, for an unknown merge_mode, and for a
  /// backward_layer that goes the same way.
  explicit Bidirectional(Layer layer, BidirectionalOptions options = {});

  Layer layer;
  BidirectionalOptions options;
  void fields(Fields& list) {
    list("layer", layer);
    options.fields(list);
  }
  void validate() const;

  template <class Use = void>
  SymbolicTensors call(const SymbolicTensors& inputs) const;

 private:
  friend struct ConfigAccess;
  Bidirectional() : layer(Identity()) {}

  Layer directed(bool forward) const;
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/bidirectional-inl.hpp>
#endif
