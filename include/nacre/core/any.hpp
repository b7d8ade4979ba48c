#pragma once
// Values of any class behind one interface: the common part of Layer, AnyLoss, AnyOptimizer, AnyMetric, ...

#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include <nacre/core/compiled.hpp>
#include <nacre/core/fields.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// What a class of held values does, as functions without its name; null for what it does not have. A kind of value (a
/// layer, a loss, ...) adds what its classes do. A table is cheaper to compile than virtual functions, and every
/// program compiles all of nacre's classes that a file may name.
struct HeldClass {
  std::string_view class_name;
  const std::type_info* type = nullptr;
  void* (*copy_or_destroy)(const void* copied, void* destroyed) = nullptr;  ///< one of both is null
  void (*fields)(void* value, Fields& list) = nullptr;
  void (*validate)(const void* value) = nullptr;
};

namespace detail {

/// The place, counted from 1, of the first part that a class lacks; 0 where it has all. A class that lacks many would
/// otherwise end in as many errors.
template <class... Part>
constexpr int first_missing(Part... has) {
  int place = 0;
  int missing = 0;
  ((++place, missing = missing == 0 && !has ? place : missing), ...);
  return missing;
}

/// Whether a class says which of its members are saved.
template <class C>
inline constexpr bool is_listed = HasFields<C> || std::is_empty_v<C>;

/// What all kinds have in common, for a class `V`, none of which is called often. `Stored` is what is held: the value,
/// or a struct of which it is the first member.
template <class V, class Stored>
struct HeldFunctions {
  [[gnu::cold]] static void* copy_or_destroy(const void* copied, void* destroyed) {
    delete static_cast<Stored*>(destroyed);
    return copied == nullptr ? nullptr : new Stored(*static_cast<const Stored*>(copied));
  }
  [[gnu::cold]] static void fields(void* value, Fields& list) { static_cast<V*>(value)->fields(list); }
  [[gnu::cold]] static void validate(const void* value) { static_cast<const V*>(value)->validate(); }
};

/// Fills in these functions.
template <class V, class Stored = V>
constexpr void describe_class(HeldClass& table) {
  table.class_name = V::type_name;
  table.type = &typeid(V);
  using Functions = HeldFunctions<V, Stored>;
  table.copy_or_destroy = Functions::copy_or_destroy;
  if constexpr (HasFields<V>) table.fields = Functions::fields;
  if constexpr (requires(const V& value) { value.validate(); }) table.validate = Functions::validate;
}

}  // namespace detail

/// Holds one value, copied with it, or none.
class AnyValue {
 public:
  AnyValue() = default;
  /// Takes over the value that `held` points to, which is of that class; it may be nullptr.
  AnyValue(const HeldClass& its_class, void* held) : class_(&its_class), held_(held) {}

  AnyValue(const AnyValue& other)
      : class_(other.class_), held_(other.held_ ? other.class_->copy_or_destroy(other.held_, nullptr) : nullptr) {}
  AnyValue(AnyValue&& other) noexcept : class_(other.class_), held_(std::exchange(other.held_, nullptr)) {}
  AnyValue& operator=(const AnyValue& other) { return *this = AnyValue(other); }
  AnyValue& operator=(AnyValue&& other) noexcept {
    std::swap(class_, other.class_);
    std::swap(held_, other.held_);
    return *this;
  }
  ~AnyValue() {
    if (held_ != nullptr) class_->copy_or_destroy(nullptr, held_);
  }

  /// The name and fields of the value.
  [[gnu::cold]] Config config() const;
  [[gnu::cold]] std::string class_name() const;
  [[gnu::cold]] std::string to_string() const;

  /// The value, if it is a `V`; otherwise nullptr.
  template <class V>
  const V* get_if() const {
    return held_ && *class_->type == typeid(V) ? static_cast<const V*>(held_) : nullptr;
  }
  template <class V>
  V* get_if() {
    return held_ && *class_->type == typeid(V) ? static_cast<V*>(held_) : nullptr;
  }

  /// Of the same class with the same fields.
  friend bool operator==(const AnyValue& a, const AnyValue& b) { return a.config() == b.config(); }

  /// Lists the value's fields.
  void fields(Fields& list) const {
    if (class_->fields != nullptr) class_->fields(held_, list);
  }
  /// Throws what the value's own `validate` throws, if it has one.
  void validate() const {
    if (class_->validate != nullptr) class_->validate(held_);
  }

 protected:
  bool has_value() const { return held_ != nullptr; }

  /// The value's field `name`, which its class may offer to say what it is called, or an empty text.
  [[gnu::cold]] std::string given_name() const;

  const HeldClass* class_ = nullptr;
  void* held_ = nullptr;
};

/// Holds one value of a class that `Table` describes, which derives from HeldClass.
template <class Table>
class Any : public AnyValue {
 public:
  /// What is held for a value of class `V`.
  template <class V>
  using Stored = V;

 protected:
  Any() = default;
  explicit Any(AnyValue value) : AnyValue(std::move(value)) {}
  Any(const Table& its_class, void* held) : AnyValue(its_class, held) {}
  const Table& its_class() const { return static_cast<const Table&>(*class_); }
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/core/any-inl.hpp>
#endif
