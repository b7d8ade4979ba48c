#include <string>

#include <nacre/core/shape.hpp>
