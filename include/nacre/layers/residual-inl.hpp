#pragma once
// Bodies of layers/residual.hpp.

#include <nacre/core/list.hpp>
#include <nacre/layers/merging.hpp>
#include <nacre/layers/residual.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP Residual::Residual(List<Layer> chain, ResidualOptions chosen)
    : layers(std::move(chain)), options(std::move(chosen)) {
  validate();
}

template <class Use>
SymbolicTensor Residual::call(const SymbolicTensor& input) const {
  SymbolicTensor last = input;
  for (const Layer& layer : layers) last = layer(last);
  require<ShapeError>(last.shape() == input.shape(), "expected layers that make ", input.shape().to_string_with_batch(),
                      " of it, as the input is added, got ", last.shape().to_string_with_batch(),
                      "; where they are to differ, write the sum: Conv2D(filters, 1)(x) + layers(x)");
  return detail::call_for<Use>(Add(), {input, last});
}

}  // namespace nacre
