#include <nacre/atic/mistyped.hpp>
