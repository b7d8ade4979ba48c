#include <nacre/core/version.hpp>

#include <string>

#include "catch.hpp"

TEST_CASE("the version is that of the macros") {
  CHECK(nacre::version == std::to_string(NACRE_VERSION_MAJOR) + "." + std::to_string(NACRE_VERSION_MINOR) + "." +
                              std::to_string(NACRE_VERSION_PATCH));
}
