#pragma once
// BinaryFunction: a function of two tensors, or of a tensor and a number, element by element.

#include <optional>
#include <string>

#include <nacre/layers/layer.hpp>
#include <nacre/layers/merge.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// output = function(a, b) of two inputs, which broadcast as those of Add do, or function(input, number), with
/// `number_first` function(number, input). Comparisons give 1 or 0 and have no gradient. `ops::power(a, b)` and its
/// like call it.
struct BinaryFunction : Callable<BinaryFunction> {
  static constexpr std::string_view type_name = "BinaryFunction";
  explicit BinaryFunction(kernels::Binary function, std::optional<double> number = {}, bool number_first = false,
                          std::string name = {});

  kernels::Binary function = kernels::Binary::add;
  std::optional<double> number;
  bool number_first = false;
  std::string name;
  void fields(Fields& list) {
    list("function", function);
    list("number", number);
    list("number_first", number_first);
    list("name", name);
  }

  /// Throws ShapeError for another number of inputs, and for shapes that do not broadcast.
  Shape build(const Shapes& inputs, LayerBuilder& builder) const { return merge().build(inputs, builder); }
  template <class T>
  void forward(const Forward<T>& step) const {
    merge().forward(step);
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    merge().backward(step);
  }

 private:
  friend struct ConfigAccess;
  BinaryFunction() = default;
  detail::Merge merge() const { return {function, false, number, number_first}; }
};

inline BinaryFunction::BinaryFunction(kernels::Binary chosen, std::optional<double> constant, bool constant_first,
                                      std::string layer_name)
    : function(chosen), number(constant), number_first(constant_first), name(std::move(layer_name)) {}

}  // namespace nacre
