#include <nacre/core/float_control.hpp>

#include <limits>
#include <thread>

#include "catch.hpp"

namespace {

/// Half of the smallest normal number, computed while the program runs.
float denormal() {
  volatile float smallest = std::numeric_limits<float>::min();
  volatile float half = 0.5f;
  volatile float result = smallest * half;
  return result;
}

}  // namespace

#if defined(__SSE__) || defined(__aarch64__)

TEST_CASE("denormal numbers are zero while the guard lives, on this thread alone") {
  REQUIRE(denormal() > 0);
  {
    const nacre::FlushDenormals flush;
    CHECK(denormal() == 0);
    {
      const nacre::FlushDenormals nested;
      CHECK(denormal() == 0);
    }
    CHECK(denormal() == 0);
  }
  CHECK(denormal() > 0);
}

TEST_CASE("the guard of one thread leaves the others alone") {
  std::thread([] {
    const nacre::FlushDenormals flush;
    volatile float flushed = denormal();
    static_cast<void>(flushed);
  }).join();
  CHECK(denormal() > 0);
}

#endif
