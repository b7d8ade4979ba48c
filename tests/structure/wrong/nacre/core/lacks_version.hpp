#include <nacre/core/right.hpp>

namespace nacre {}
