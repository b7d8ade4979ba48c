#pragma once
// Catch2 as the tests use it, be it version 2 (one header) or 3. Besides the macros, which both have, the tests name
// Approx, ContainsSubstring, Equals, StartsWith, EndsWith, WithinAbs and WithinRel without a namespace.

#if __has_include(<catch2/catch_all.hpp>)

#include <catch2/catch_all.hpp>

using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::Equals;
using Catch::Matchers::StartsWith;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

#else

#include <catch2/catch.hpp>

using Catch::Matchers::EndsWith;
using Catch::Matchers::Equals;
using Catch::Matchers::StartsWith;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

/// What version 2 calls Contains.
inline auto ContainsSubstring(const std::string& part,
                              Catch::CaseSensitive::Choice sensitive = Catch::CaseSensitive::Yes) {
  return Catch::Matchers::Contains(part, sensitive);
}

#endif

template <class T>
concept ShownByToString = !Catch::is_range<T>::value && requires(const T& value) {
  std::string(value.to_string());
};

/// Shows what has a `to_string()`. Shapes are ranges too; Catch2 shows those itself.
template <ShownByToString T>
struct Catch::StringMaker<T> {
  static std::string convert(const T& value) { return std::string(value.to_string()); }
};
