#pragma once
// Sequential: a model of layers one after another.

#include <initializer_list>
#include <string>
#include <utility>

#include <nacre/models/model.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A model of layers one after another. `Sequential` is the one that computes in float, `BasicSequential<double>`
/// computes in double. With an `Input` first it is built at once, otherwise by the first data it sees.
template <class T>
class BasicSequential : public BasicModel<T> {
 public:
  BasicSequential() = default;

  /// Throws what `add` throws.
  BasicSequential(std::initializer_list<Layer> layers, std::string name = "sequential");

  /// A model whose layers come one after another, as `load` gives it. Throws ValueError for one with branches, which is
  /// a Model.
  BasicSequential(BasicModel<T> model);

  /// Adds a layer at the end. Layers that are there keep their weights; what the optimizer had gathered is lost. Throws
  /// ValueError for a name that is taken, StateError for an Input that does not come first, ShapeError where the layer
  /// does not go with those before it.
  void add(Layer layer);

  /// Adds a model as a layer, with a copy of its weights.
  void add(const BasicModel<T>& model) { add(model.as_layer()); }

 private:
  /// @param build whether the model is built with the layer, where its input is known.
  void add(Layer layer, bool build);
};

/// A model of layers one after another, in float: `Sequential model{Dense(10), ...}`.
using Sequential = BasicSequential<float>;

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/models/sequential-inl.hpp>
#endif
