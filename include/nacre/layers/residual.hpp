#pragma once
// Residual: layers around which the input goes unchanged.

#include <string>

#include <nacre/core/list.hpp>
#include <nacre/layers/identity.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/layer_field.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Residual.
struct ResidualOptions {
  std::string name{};
  void fields(Fields& list) { list("name", name); }
};

/// input + layers(input), where the layers come one after another:
/// `Residual({Conv2D(32, 3, {.padding = "same", .activation = relu}), Conv2D(32, 3, {.padding = "same"})})`. What the
/// layers make has the input's shape.
struct Residual : Callable<Residual> {
  static constexpr std::string_view type_name = "Residual";

  /// Throws ValueError for no layers.
  explicit Residual(List<Layer> layers, ResidualOptions options = {});

  List<Layer> layers;
  ResidualOptions options;
  void fields(Fields& list) {
    list("layers", layers);
    options.fields(list);
  }
  void validate() const { require<ValueError>(!layers.empty(), "Residual: expected one layer or more, got none"); }

  /// Throws ShapeError where the layers make something of another shape.
  template <class Use = void>
  SymbolicTensor call(const SymbolicTensor& input) const;

 private:
  friend struct ConfigAccess;
  Residual() : layers{Identity()} {}
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/residual-inl.hpp>
#endif
