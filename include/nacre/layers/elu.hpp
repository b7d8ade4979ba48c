#pragma once
// ELU: the exponential linear unit.

#include <string>

#include <nacre/layers/activated.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of ELU.
struct ELUOptions {
  double alpha = 1.0;  ///< minus the limit at minus infinity
  std::string name{};

  void fields(Fields& list) {
    list("alpha", alpha);
    list("name", name);
  }
};

/// output = input where input > 0, alpha * (e^input - 1) elsewhere; of any shape. See activations/elu.hpp.
struct ELU : Callable<ELU> {
  static constexpr std::string_view type_name = "ELU";

  /// Throws ValueError for a negative alpha.
  ELU(ELUOptions options = {});

  ELUOptions options;
  void fields(Fields& list) { options.fields(list); }

  void validate() const {
    require<ValueError>(options.alpha >= 0, "ELU: expected an alpha of 0 or more, got ", options.alpha);
  }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.pass_mask();
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    detail::forward_activation(step, activations::Elu{options.alpha});
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    detail::backward_activation(step, activations::Elu{options.alpha});
  }
};

inline ELU::ELU(ELUOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
