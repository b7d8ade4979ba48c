#pragma once
// Box: a value that is copied with its holder, whose class is compiled only where one is made.

#include <nacre/core/version.hpp>

#include <utility>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Nothing, or a value of type `V` that is copied and destroyed with the box. Copying a box compiles nothing of `V`: a
/// model that is loaded to predict has no part of its training compiled, although it has room for it.
template <class V>
class Box {
 public:
  Box() = default;
  Box(const Box& other)
      : actions_(other.actions_), value_(other.value_ ? other.actions_->clone(*other.value_) : nullptr) {}
  Box(Box&& other) noexcept : actions_(other.actions_), value_(std::exchange(other.value_, nullptr)) {}
  Box& operator=(Box other) noexcept {
    std::swap(actions_, other.actions_);
    std::swap(value_, other.value_);
    return *this;
  }
  ~Box() {
    if (value_) actions_->destroy(value_);
  }

  /// A box with a value of those constructor arguments.
  template <class... Arguments>
  static Box make(Arguments&&... arguments) {
    static constexpr Actions actions{[](const V& value) { return new V(value); }, [](V* value) { delete value; }};
    Box box;
    box.value_ = new V(std::forward<Arguments>(arguments)...);
    box.actions_ = &actions;
    return box;
  }

  bool has_value() const { return value_ != nullptr; }
  explicit operator bool() const { return has_value(); }
  V& operator*() { return *value_; }
  const V& operator*() const { return *value_; }
  V* operator->() { return value_; }
  const V* operator->() const { return value_; }

 private:
  struct Actions {
    V* (*clone)(const V&);
    void (*destroy)(V*);
  };

  const Actions* actions_ = nullptr;
  V* value_ = nullptr;
};

}  // namespace nacre
