#pragma once
// FunctionReference: a callable as a parameter of functions that are no templates of it.

#include <type_traits>
#include <utility>

#include <nacre/core/version.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

template <class Signature>
class FunctionReference;

/// Refers to a callable, which must outlive it: two pointers. What takes one is compiled once, not for each callable
/// that it is given, and allocates nothing.
template <class Result, class... Arguments>
class FunctionReference<Result(Arguments...)> {
 public:
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, FunctionReference>) FunctionReference(F&& function)
  noexcept
      : function_(const_cast<void*>(static_cast<const void*>(&function))), call_(&call<std::remove_reference_t<F>>) {}

  Result operator()(Arguments... arguments) const { return call_(function_, std::forward<Arguments>(arguments)...); }

 private:
  template <class F>
  static Result call(void* function, Arguments... arguments) {
    return static_cast<Result>((*static_cast<F*>(function))(std::forward<Arguments>(arguments)...));
  }

  void* function_;
  Result (*call_)(void*, Arguments...);
};

}  // namespace nacre
