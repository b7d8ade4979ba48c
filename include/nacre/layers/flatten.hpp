#pragma once
// Flatten: all axes of a sample in one.

#include <string>

#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Flatten.
struct FlattenOptions {
  std::string name{};
  void fields(Fields& list) { list("name", name); }
};

/// Input (batch, ...), output (batch, features). Costs nothing: the memory stays where it is.
struct Flatten : Callable<Flatten> {
  static constexpr std::string_view type_name = "Flatten";
  Flatten(FlattenOptions options = {});

  FlattenOptions options;
  void fields(Fields& list) { options.fields(list); }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.share_input();
    return {input.size()};
  }
  template <class T>
  void forward(const Forward<T>&) const {}
  template <class T>
  void backward(const Backward<T>&) const {}
};

inline Flatten::Flatten(FlattenOptions chosen) : options(std::move(chosen)) {}

}  // namespace nacre
