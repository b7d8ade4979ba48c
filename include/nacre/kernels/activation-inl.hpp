#pragma once
// Bodies of activations/activation.hpp.

#include <mutex>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/kernels/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

/// Keras' other names.
struct ActivationAlias {
  std::string_view alias;
  std::string_view name;
};
inline constexpr ActivationAlias activation_aliases[] = {{"swish", "silu"}, {"hard_swish", "hard_silu"}};

/// The activations that are known by name.
struct KnownActivations {
  std::mutex mutex{};
  List<const ActivationClass*> classes{};

  [[gnu::cold]] const ActivationClass** find(std::string_view name) {
    for (const ActivationAlias& other : activation_aliases) {
      if (other.alias == name) name = other.name;
    }
    for (const ActivationClass*& known : classes) {
      if (known->name == name) return &known;
    }
    return nullptr;
  }
};

NACRE_SETUP KnownActivations& known_activations() {
  static KnownActivations known;
  return known;
}

NACRE_SETUP const ActivationClass& find_activation(std::string_view name) {
  KnownActivations& known = known_activations();
  const std::lock_guard lock(known.mutex);
  if (const ActivationClass** found = known.find(name)) return **found;
  std::string names;
  for (const ActivationClass* one : known.classes) names += (names.empty() ? "" : ", ") + std::string(one->name);
  throw ValueError(text("activation: expected one of ", names, ", got \"", name,
                        "\"; register_activation makes one of your own known by its name"));
}

NACRE_SETUP void register_activation(const ActivationClass& added) {
  KnownActivations& known = known_activations();
  const std::lock_guard lock(known.mutex);
  const ActivationClass** const found = known.find(added.name);
  if (found == nullptr) {
    known.classes.push_back(&added);
  } else if ((*found)->in_float.backward == nullptr) {
    *found = &added;
  }
}

NACRE_SETUP void fail_negative_option(std::string_view activation, std::string_view option, double value) {
  throw ValueError(text(activation, ": expected ", option, " of 0 or more, got ", value));
}

NACRE_SETUP void fail_positive_option(std::string_view activation, std::string_view option, double value) {
  throw ValueError(text(activation, ": expected ", option, " above 0, got ", value));
}

/// The options of an object as a config has them.
NACRE_SETUP Config activation_config(const ActivationClass& of, void* object) {
  Fields list;
  of.options->fields(object, list);
  return get_config(of.name, list);
}

}  // namespace detail

NACRE_SETUP void register_activations() {
  []<class... A>(detail::ActivationList<A...>) {
    (detail::register_activation(detail::activation_class<A>), ...);
  }(detail::OwnActivations());
}

NACRE_SETUP Activation Activation::of_known(std::string_view name) {
  Activation made(detail::find_activation(name));
  if (made.class_->options != nullptr) made.class_->options->make(made.options_.bytes);
  return made;
}

NACRE_SETUP Activation::Activation(std::string_view name) : Activation() {
  register_activations();
  *this = of_known(name);
}

NACRE_SETUP std::string Activation::to_string() const {
  const ConfigValue value = to_config_value(*this);
  const auto* options = value.get_if<Config>();
  return options == nullptr ? std::string(name()) : options->to_string();
}

NACRE_SETUP bool Activation::same_options(const Activation& a, const Activation& b) {
  return a.class_->options == nullptr || to_config_value(a) == to_config_value(b);
}

NACRE_SETUP ConfigValue to_config_value(const Activation& activation) {
  const ActivationClass& known = activation.activation_class();
  if (known.options == nullptr) return std::string(known.name);
  Activation copy = activation, initial(known);
  known.options->make(initial.options_.bytes);
  const Config present = detail::activation_config(known, copy.options_.bytes);
  const Config defaults = detail::activation_config(known, initial.options_.bytes);
  Config changed(std::string(known.name), {});
  for (std::size_t i = 0; i < present.entries.size(); ++i) {
    if (!(present.entries[i] == defaults.entries[i])) changed.entries.push_back(present.entries[i]);
  }
  if (changed.entries.empty()) return std::string(known.name);
  return changed;
}

NACRE_SETUP void from_config_value(const ConfigValue& value, Activation& out) {
  const auto* config = value.get_if<Config>();
  if (config == nullptr) {
    out = Activation::of_known(config_get<std::string>(value, "an activation's name"));
    return;
  }
  Activation made = Activation::of_known(config->class_name);
  Fields list;
  const ActivationOptionsClass* options = made.class_->options;
  if (options != nullptr) options->fields(made.options_.bytes, list);
  set_fields(made.name(), list, *config);
  if (options != nullptr) options->validate(made.options_.bytes);
  out = made;
}

}  // namespace nacre
