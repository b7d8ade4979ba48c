#include <nacre/core/error.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "catch.hpp"

using namespace nacre;

namespace {

struct Named {
  std::string to_string() const { return "named"; }
};

}  // namespace

TEST_CASE("text joins strings, numbers and what has a to_string") {
  CHECK(text() == "");
  CHECK(text("a", std::string("b"), std::string_view("c"), 'd') == "abcd");
  CHECK(text(true, ' ', false) == "true false");
  CHECK(text(0, ' ', -7, ' ', 18446744073709551615u) == "0 -7 18446744073709551615");
  CHECK(text(std::int64_t{-9223372036854775807} - 1) == "-9223372036854775808");
  CHECK(text(0.5, ' ', 1e-10, ' ', 1.0f / 3) == "0.5 1e-10 0.333333");
  CHECK(text(Named(), '!') == "named!");
}

TEST_CASE("require throws the asked error with the joined text, and only where the condition does not hold") {
  CHECK_NOTHROW(require<ValueError>(true, "never"));
  CHECK_THROWS_AS(require<ValueError>(false, "x"), ValueError);
  CHECK_THROWS_AS(require<ShapeError>(false, "x"), ShapeError);
  CHECK_THROWS_WITH(require<FormatError>(false, "expected ", 3, ", got ", 4), "expected 3, got 4");
}

TEMPLATE_TEST_CASE("every error is a nacre::Error and a std::runtime_error", "", ShapeError, ValueError, StateError,
                   FormatError, FileError) {
  CHECK_THROWS_AS(throw TestType("x"), Error);
  CHECK_THROWS_AS(throw TestType("x"), std::runtime_error);
  CHECK_THROWS_WITH(throw TestType("the text"), "the text");
}
