#include <nacre/saving/file_template.hpp>

#include <cmath>
#include <limits>
#include <string>

#include "callbacks/comma_locale.hpp"
#include "catch.hpp"

using namespace nacre;

namespace {

std::string filled(const std::string& pattern, double value) {
  Logs numbers;
  numbers.set("n", value);
  return FileTemplate(pattern).fill(numbers);
}

}  // namespace

// What Python's str.format makes of the same.
TEST_CASE("places in a file's name are filled as Python fills them") {
  CHECK(filled("model", 1) == "model");
  CHECK(filled("a{n}b{n}", 12) == "a12b12");
  CHECK(filled("{n:02d}", 7) == "07");
  CHECK(filled("{n:d}", -7) == "-7");
  CHECK(filled("{n:4d}", 7) == "   7");
  CHECK(filled("{n:04d}", -7) == "-007");
  CHECK(filled("{n:02d}", 123) == "123");
  CHECK(filled("{n:.2f}", 0.12501) == "0.13");
  CHECK(filled("{n:08.3f}", -1.5) == "-001.500");
  CHECK(filled("{n:f}", 0.5) == "0.500000");
  CHECK(filled("{n:.1e}", 12345) == "1.2e+04");
  CHECK(filled("{n:.3g}", 0.00012345) == "0.000123");
  CHECK(filled("{n}", 0.1) == "0.1");
  CHECK(filled("{n:.2f}", std::nan("")) == "nan");
  CHECK(filled("{n}", std::numeric_limits<double>::infinity()) == "inf");
  CHECK(filled("{{n}}-{{{n}}}", 3) == "{n}-{3}");
  CHECK(filled("{n:99.99f}", 1e300).size() > 300);
}

TEST_CASE("a file's name that is not well-formed is a ValueError") {
  for (const char* wrong :
       {"{", "}", "{n", "n}", "{}", "{:d}", "{n:x}", "{n:.f}", "{n:.2d}", "{n:2.3.4f}", "{n:1000d}", "{n:f }"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(FileTemplate(wrong), ValueError);
  }
  CHECK_THROWS_AS(filled("{m}", 1), ValueError);
  CHECK_THROWS_WITH(filled("{n:d}", 1.5), ContainsSubstring("expected a whole number for n"));
}

TEST_CASE("numbers in a file's name have a point, whatever the locale") {
  const testing::CommaLocale locale;
  if (!locale.for_c_functions()) WARN("no locale with a decimal comma is installed; only C++ streams have one here");
  CHECK(filled("{n:.2f}", 0.35) == "0.35");
  CHECK(filled("{n:.2e}", 0.35) == "3.50e-01");
  CHECK(filled("{n}", 0.35) == "0.35");
  CHECK(filled("{n:d}", 1234567) == "1234567");
}
