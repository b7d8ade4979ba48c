#include <nacre/nacre.hpp>
