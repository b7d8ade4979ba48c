#pragma once
// What every program does with an error.

#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

namespace example {

/// Calls `body` and turns an exception into one line and a non-zero exit code.
template <class Body>
int guarded(std::string_view program, Body body) {
  try {
    body();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", std::string(program).c_str(), error.what());
    return 1;
  }
}

}  // namespace example
