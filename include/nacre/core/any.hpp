#pragma once
// Values of any class behind one interface: the common part of AnyLayer, AnyLoss, AnyOptimizer, AnyMetric, ...

#include <concepts>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include <nacre/core/compiled.hpp>
#include <nacre/core/config.hpp>

namespace nacre {

/// What every held value can do. A kind of value adds its own virtual functions to it.
template <class Interface>
struct Held {
  virtual ~Held() = default;
  virtual std::unique_ptr<Interface> clone() const = 0;
  virtual Config config() const = 0;
  virtual const std::type_info& type() const = 0;
  virtual const void* address() const = 0;
};

/// Implements `Held` for a value of type `V`; the holder of a kind derives from it.
template <class Interface, class Holder, class V>
struct HoldValue : Interface {
  explicit HoldValue(V held) : value(std::move(held)) {}
  std::unique_ptr<Interface> clone() const override {
    return std::make_unique<Holder>(static_cast<const Holder&>(*this));
  }
  Config config() const override { return get_config(value); }
  const std::type_info& type() const override { return typeid(V); }
  const void* address() const override { return &value; }

  V value;
};

/// Puts a value behind its interface. All that a class costs to compile hangs on this one function, so nacre::compiled
/// has it built for nacre's own classes.
template <class Interface, class Holder, class V>
std::unique_ptr<Interface> hold(V value) {
  return std::make_unique<Holder>(std::move(value));
}

/// Holds one value behind `Interface`, copied with it.
template <class Interface>
class Any {
 public:
  Any(const Any& other) : held_(other.held_ ? other.held_->clone() : nullptr) {}
  Any(Any&&) noexcept = default;
  Any& operator=(const Any& other) {
    held_ = other.held_ ? other.held_->clone() : nullptr;
    return *this;
  }
  Any& operator=(Any&&) noexcept = default;

  /// The name and fields of the value.
  Config config() const { return held_->config(); }
  std::string class_name() const { return config().class_name; }
  std::string to_string() const { return config().to_string(); }

  /// The value, if it is a `V`; otherwise nullptr.
  template <class V>
  const V* get_if() const {
    return held_ && held_->type() == typeid(V) ? static_cast<const V*>(held_->address()) : nullptr;
  }
  template <class V>
  V* get_if() {
    return const_cast<V*>(std::as_const(*this).template get_if<V>());
  }

  /// Of the same class with the same fields.
  friend bool operator==(const Any& a, const Any& b) { return a.config() == b.config(); }

 protected:
  explicit Any(std::unique_ptr<Interface> held) : held_(std::move(held)) {}
  bool has_value() const { return held_ != nullptr; }
  Interface& self() { return *held_; }
  const Interface& self() const { return *held_; }

 private:
  std::unique_ptr<Interface> held_;
};

/// Classes of one kind by name, so that a saved model finds them again. `Anything` is AnyLayer<float>, AnyInitializer, ...
template <class Anything>
class Registry {
 public:
  /// Makes `V` known under its `type_name`; registering it again changes nothing.
  template <class V>
  static void add() {
    const std::lock_guard lock(mutex());
    makers()[std::string(V::type_name)] = [](const Config& config) { return Anything(from_config<V>(config)); };
  }

  /// Whether a class of that name is known.
  static bool contains(const std::string& class_name) {
    const std::lock_guard lock(mutex());
    return makers().count(class_name) > 0;
  }

  /// A value of the class that `config` names. Throws ValueError for a name nobody registered.
  static Anything make(const Config& config) {
    Maker maker = nullptr;
    {
      const std::lock_guard lock(mutex());
      const auto found = makers().find(config.class_name);
      if (found != makers().end()) maker = found->second;
    }
    require<ValueError>(maker != nullptr, "no class \"", config.class_name, "\" is registered; register your own classes ",
                        "(register_layer<", config.class_name, ">() and its like) before loading what contains them");
    return maker(config);
  }

 private:
  using Maker = Anything (*)(const Config&);
  static std::map<std::string, Maker>& makers() {
    static std::map<std::string, Maker> known;
    return known;
  }
  static std::mutex& mutex() {
    static std::mutex lock;
    return lock;
  }
};

}  // namespace nacre
