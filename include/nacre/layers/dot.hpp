#pragma once
// Dot: products of two inputs along an axis of each.

#include <string>

#include <nacre/core/axes.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Dot.
struct DotOptions {
  bool normalize = false;  ///< whether both inputs are divided by their length along the axis: cosines
  std::string name{};
  void fields(Fields& list) {
    list("normalize", normalize);
    list("name", name);
  }
};

/// For each sample the products of two inputs, summed along an axis of each: `Dot(1)({a, b})` of (batch, 7) twice gives
/// (batch, 1), `Dot({2, 1})` of (batch, 4, 5) and (batch, 5, 6) gives (batch, 4, 6). The output has the other axes of
/// the first input, then those of the second.
struct Dot : Callable<Dot> {
  static constexpr std::string_view type_name = "Dot";

  /// @param axes the axis of both, or of each input; counted with the batch as axis 0, or from the end. Throws
  /// ValueError for other than one or two of them.
  explicit Dot(Axes axes, DotOptions options = {});

  Axes axes;
  DotOptions options;
  void fields(Fields& list) {
    list("axes", axes);
    options.fields(list);
  }
  void validate() const {
    const std::size_t count = axes.values.size();
    require<ValueError>(count == 1 || count == 2, "Dot: expected one axis or two, got ", count);
  }

  /// Throws ShapeError for another number of inputs, for axes that are not there, for the batch, and for axes of
  /// different extents.
  template <class Use = void>
  SymbolicTensors call(const SymbolicTensors& inputs) const;

 private:
  friend struct ConfigAccess;
  Dot() : axes(-1) {}
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/dot-inl.hpp>
#endif
