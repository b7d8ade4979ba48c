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

/// What every held value can do. A kind of value (a layer, a loss, ...) adds virtual functions of its own.
struct Held {
  Held() = default;
  Held(const Held&) = default;
  Held& operator=(const Held&) = delete;
  virtual ~Held() = default;
  virtual Held* clone() const = 0;  ///< to be deleted by the caller
  virtual std::string_view class_name() const = 0;
  virtual void fields(Fields& list) = 0;
  virtual void validate() const = 0;
  virtual const std::type_info& type() const = 0;
  virtual void* address() = 0;  ///< of the value
};

/// Implements `Held` for a value of type `V`; the holder of a kind derives from it. All of it is compiled for each
/// class that a program uses, so there is as little as can be.
template <class Interface, class Holder, class V>
struct HoldValue : Interface {
  explicit HoldValue(V&& held) : value(std::move(held)) {}
  Held* clone() const final { return new Holder(static_cast<const Holder&>(*this)); }
  std::string_view class_name() const final { return V::type_name; }
  void fields(Fields& list) final {
    if constexpr (HasFields<V>) value.fields(list);
  }
  void validate() const final { nacre::validate(value); }
  const std::type_info& type() const final { return typeid(V); }
  void* address() final { return &value; }

  V value;
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

/// A holder of the value; nothing for a value that is `accepted` nowhere, of which a static_assert has told.
template <class Holder, bool accepted, class V>
Held* make_held(V&& value) {
  if constexpr (accepted) {
    return new Holder(std::move(value));
  } else {
    return nullptr;
  }
}

}  // namespace detail

/// Holds one value, copied with it.
class AnyValue {
 public:
  AnyValue(const AnyValue& other) : held_(other.held_ ? other.held_->clone() : nullptr) {}
  AnyValue(AnyValue&& other) noexcept : held_(std::exchange(other.held_, nullptr)) {}
  AnyValue& operator=(const AnyValue& other) { return *this = AnyValue(other); }
  AnyValue& operator=(AnyValue&& other) noexcept {
    std::swap(held_, other.held_);
    return *this;
  }
  ~AnyValue() { delete held_; }

  /// The name and fields of the value.
  [[gnu::cold]] Config config() const;
  [[gnu::cold]] std::string class_name() const;
  [[gnu::cold]] std::string to_string() const;

  /// The value, if it is a `V`; otherwise nullptr.
  template <class V>
  const V* get_if() const {
    return held_ && held_->type() == typeid(V) ? static_cast<const V*>(held_->address()) : nullptr;
  }
  template <class V>
  V* get_if() {
    return held_ && held_->type() == typeid(V) ? static_cast<V*>(held_->address()) : nullptr;
  }

  /// Of the same class with the same fields.
  friend bool operator==(const AnyValue& a, const AnyValue& b) { return a.config() == b.config(); }

 protected:
  /// Takes the value over; it may be nullptr.
  explicit AnyValue(Held* held) : held_(held) {}
  bool has_value() const { return held_ != nullptr; }

  /// The value's field `name`, which its class may offer to say what it is called, or an empty text.
  [[gnu::cold]] std::string given_name() const;

  Held* held_;
};

/// Holds one value behind `Interface`.
template <class Interface>
class Any : public AnyValue {
 protected:
  using AnyValue::AnyValue;
  Interface& self() { return static_cast<Interface&>(*held_); }
  const Interface& self() const { return static_cast<const Interface&>(*held_); }
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/core/any-inl.hpp>
#endif
