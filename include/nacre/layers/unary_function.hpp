#pragma once
// UnaryFunction: exp, log, sqrt and others of each element, the layer behind `ops::exp` and its like.

#include <string>

#include <nacre/kernels/functions.hpp>
#include <nacre/layers/broadcasting.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// output = function(input) of each element, of any shape. `ops::exp(x)` and its like call it.
struct UnaryFunction : Callable<UnaryFunction> {
  static constexpr std::string_view type_name = "UnaryFunction";
  explicit UnaryFunction(kernels::Unary function, std::string name = {});

  kernels::Unary function = kernels::Unary::exp;
  std::string name;
  void fields(Fields& list) {
    list("function", function);
    list("name", name);
  }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    using enum kernels::Unary;
    const bool by_output =
        function == exp || function == sqrt || function == sigmoid || function == tanh || function == relu;
    builder.backward_reads({.inputs = !by_output, .output = by_output});
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    detail::each_piece(step, step.batch() * step.input.sample_size(), [&](std::int64_t first, std::int64_t count) {
      kernels::unary(function, count, step.input.elements() + first, step.output.elements() + first);
    });
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    detail::each_piece(step, step.batch() * step.input.sample_size(), [&](std::int64_t first, std::int64_t count) {
      kernels::unary_gradient(
          function, count, step.input.elements() + first, static_cast<const T*>(step.output.elements() + first),
          static_cast<const T*>(step.output_gradient.elements() + first), step.input_gradient.elements() + first);
    });
  }

 private:
  friend struct ConfigAccess;
  UnaryFunction() = default;
};

inline UnaryFunction::UnaryFunction(kernels::Unary chosen, std::string layer_name)
    : function(chosen), name(std::move(layer_name)) {}

}  // namespace nacre
