#pragma once
// Names of what a layer asks for: enumerators of its own, by which it finds its weights, buffers and scratch memory.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

/// Each enumeration has one of its own.
template <class Enumeration>
inline constexpr char enumeration = 0;

}  // namespace detail

/// Which of a layer's weights, buffers, ... is meant: an enumerator, `Weights::kernel`, or just a number.
struct MemoryName {
  std::size_t number;
  const char* kind = nullptr;  ///< of which enumeration it is

  template <std::integral Number>
  constexpr MemoryName(Number index) : number(static_cast<std::size_t>(index)) {}
  template <class Enumeration>
  requires std::is_enum_v<Enumeration>
  constexpr MemoryName(Enumeration name)
      : number(static_cast<std::size_t>(name)), kind(&detail::enumeration<Enumeration>) {}
};

/// Where each of those lies among all that were asked for, in the order of the calls.
class MemoryNames {
 public:
  /// The next one has that name. Throws StateError where another has it, or where one is of another enumeration.
  [[gnu::cold]] void add(MemoryName name) {
    if (name.number >= places_.size()) places_.resize(name.number + 1, missing);
    require<StateError>(places_[name.number] == missing, "build: asked twice for number ", name.number,
                        " of its names");
    require<StateError>(count_ == 0 || kind_ == name.kind, "build: asked by names of two enumerations");
    kind_ = name.kind;
    places_[name.number] = count_++;
  }

  /// The next one has the next number.
  [[gnu::cold]] void add() { add(MemoryName(count_)); }

  bool contains(MemoryName name) const { return name.number < places_.size() && places_[name.number] != missing; }

  /// Throws StateError for what was not asked for, and for a name of another enumeration.
  std::size_t find(const char* what, MemoryName name) const {
    if (!contains(name) || (name.kind != nullptr && name.kind != kind_)) fail(what, name);
    return places_[name.number];
  }

 private:
  static constexpr std::size_t missing = static_cast<std::size_t>(-1);

  [[noreturn, gnu::cold, gnu::noinline]] void fail(const char* what, MemoryName name) const {
    if (contains(name)) {
      throw StateError(text("step.", what, "(", name.number, "): expected a name of the enumeration that build used"));
    }
    if (kind_ == nullptr) {
      throw StateError(
          text("step.", what, "(", name.number, "): expected an index below ", count_, ", as many as build asked for"));
    }
    throw StateError(text("step.", what, "(", name.number, "): expected a name by which build asked for one"));
  }
  List<std::size_t> places_;  ///< by the names' numbers
  std::size_t count_ = 0;
  const char* kind_ = nullptr;
};

}  // namespace nacre
