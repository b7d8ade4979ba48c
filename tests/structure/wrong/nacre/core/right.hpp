#include <string>

#include <nacre/core/shape.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {}
