#pragma once
// Lambda: a function of symbolic tensors as a layer.

#include <functional>
#include <string>

#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A function of a symbolic tensor as a layer, for one that stands among others:
/// `Sequential{Dense(8), Lambda([](const SymbolicTensor& x) { return ops::exp(x) * 0.5; })}`. A model with it cannot be
/// saved, as a file holds no functions: write a class with `call` for that.
struct Lambda : Callable<Lambda> {
  static constexpr std::string_view type_name = "Lambda";
  explicit Lambda(std::function<SymbolicTensor(const SymbolicTensor&)> function, std::string name = {});

  std::function<SymbolicTensor(const SymbolicTensor&)> function;
  std::string name;
  void fields(Fields& list) { list("name", name); }

  SymbolicTensor call(const SymbolicTensor& input) const { return function(input); }
};

inline Lambda::Lambda(std::function<SymbolicTensor(const SymbolicTensor&)> of, std::string layer_name)
    : function(std::move(of)), name(std::move(layer_name)) {}

}  // namespace nacre
