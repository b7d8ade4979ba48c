// Links two versions of nacre, this one by nacre::compiled and another from headers, and uses both. Without namespaces
// of their own the linker would take each function from either of them, whatever it expects in memory.

#include "versions.hpp"

#include <cstdio>

namespace {

int failures = 0;

void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "failed: %s\n", what);
  ++failures;
}

}  // namespace

int main() {
  const Version mine = this_version();
  const Version other = other_version();
  check(mine.number != other.number, "each has its version");
  check(mine.model != other.model, "their classes are different types");
  check(mine.prediction == 7 && other.prediction == 7, "both predict");

  mine.set_threads(1);
  other.set_threads(2);
  check(mine.threads() == 1 && other.threads() == 2, "each has threads of its own");
  if (failures == 0) std::printf("nacre %s and nacre %s\n", mine.number.c_str(), other.number.c_str());
  return failures == 0 ? 0 : 1;
}
