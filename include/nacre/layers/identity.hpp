#pragma once
// Identity: the layer that does nothing.

#include <string>

#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Identity.
struct IdentityOptions {
  std::string name{};
  void fields(Fields& list) { list("name", name); }
};

/// output = input. Costs nothing.
struct Identity : Callable<Identity> {
  static constexpr std::string_view type_name = "Identity";
  Identity(IdentityOptions options = {});

  IdentityOptions options;
  void fields(Fields& list) { options.fields(list); }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.share_input();
    builder.pass_mask();
    return input;
  }
  template <class T>
  void forward(const Forward<T>&) const {}
  template <class T>
  void backward(const Backward<T>&) const {}
};

inline Identity::Identity(IdentityOptions chosen) : options(std::move(chosen)) {}

}  // namespace nacre
