#pragma once
// The activation that a layer applies to its result, as an option: `.activation = relu` or `.activation = "relu"`.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <nacre/core/config.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// An activation by name, as Keras' layers take it. All but softmax work on each element alone; softmax works on the
/// last axis.
class Activation {
 public:
  enum Kind : std::uint8_t { linear, relu, sigmoid, tanh, softmax };

  constexpr Activation(Kind kind = linear) : kind_(kind) {}

  /// By Keras' name. Throws ValueError for one that is not known.
  Activation(std::string_view name) : kind_(parse(name)) {}
  Activation(const std::string& name) : Activation(std::string_view(name)) {}
  Activation(const char* name) : Activation(std::string_view(name)) {}

  constexpr Kind kind() const { return kind_; }
  constexpr std::string_view name() const { return names[kind_]; }
  std::string to_string() const { return std::string(name()); }

  /// Whether every element's result depends on that element alone.
  constexpr bool is_elementwise() const { return kind_ != softmax; }

  friend constexpr bool operator==(Activation a, Activation b) { return a.kind_ == b.kind_; }

 private:
  static constexpr std::array<std::string_view, 5> names{"linear", "relu", "sigmoid", "tanh", "softmax"};

  static Kind parse(std::string_view name) {
    std::string known;
    for (std::size_t kind = 0; kind < names.size(); ++kind) {
      if (names[kind] == name) return static_cast<Kind>(kind);
      known += (kind > 0 ? ", " : "") + std::string(names[kind]);
    }
    throw ValueError(text("activation: expected one of ", known, ", got \"", name, "\""));
  }

  Kind kind_;
};

inline ConfigValue to_config_value(const Activation& activation) { return activation.to_string(); }
inline void from_config_value(const ConfigValue& value, Activation& out) {
  out = Activation(std::string_view(config_get<std::string>(value, "an activation's name")));
}

/// The activations by name. `tanh` has no shorter name than `activations::tanh`, since <cmath> has taken it.
namespace activations {
inline constexpr Activation linear{Activation::linear};
inline constexpr Activation relu{Activation::relu};
inline constexpr Activation sigmoid{Activation::sigmoid};
inline constexpr Activation tanh{Activation::tanh};
inline constexpr Activation softmax{Activation::softmax};
}  // namespace activations

using activations::linear;
using activations::relu;
using activations::sigmoid;
using activations::softmax;

}  // namespace nacre
