#include <nacre/core/error.hpp>

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>

#include "callbacks/comma_locale.hpp"
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

TEST_CASE("numbers in a text have a point, whatever the locale") {
  const testing::CommaLocale locale;
  if (!locale.for_c_functions()) WARN("no locale with a decimal comma is installed; only C++ streams have one here");
  CHECK(text(1234.5, ' ', 0.25f, ' ', 1e-10) == "1234.5 0.25 1e-10");
}

TEST_CASE("numbers in a text are those of printf's %.6g") {
  CHECK(text(0.0, ' ', -0.0, ' ', 100000.0, ' ', 1234567.0) == "0 -0 100000 1.23457e+06");
  CHECK(text(0.0001, ' ', 0.00001, ' ', 2.0 / 3) == "0.0001 1e-05 0.666667");
  CHECK(text(std::numeric_limits<double>::max()) == "1.79769e+308");
  CHECK(text(std::numeric_limits<double>::infinity(), ' ', std::numeric_limits<double>::quiet_NaN()) == "inf nan");
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

TEST_CASE("control characters are written as escapes") {
  CHECK(printable("plain, with \xc3\xbc and \xe2\x82\xac") == "plain, with \xc3\xbc and \xe2\x82\xac");
  CHECK(printable("\x1b[31mred\x7f") == "\\x1b[31mred\\x7f");
  CHECK(printable(std::string_view("a\0b", 3)) == "a\\x00b");
  CHECK(printable("line\nnext\tcolumn\r") == "line\\nnext\\tcolumn\\r");
  CHECK(printable("\xc2\x9b"
                  "31m") == "\\u009b31m");  // what begins a sequence in one character of U+0080 to U+009F
  CHECK(printable("\xc2\xa0\xc2") == "\xc2\xa0\xc2");
  CHECK(printable("") == "");
  CHECK(detail::printable_lines("line\nnext\tcolumn\r\x07") == "line\nnext\tcolumn\\r\\x07");
}

TEST_CASE("no message sends control characters to a terminal, and none is cut by a NUL") {
  const std::string name("layer\0\x1b[2J", 10);
  CHECK_THROWS_WITH(require<FormatError>(false, "found \"", name, "\"\nin the file"),
                    "found \"layer\\x00\\x1b[2J\"\nin the file");
  CHECK(std::string(ValueError(name).what()) == "layer\\x00\\x1b[2J");
}
