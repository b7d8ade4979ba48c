#include <nlohmann/json.hpp>
#include <nacre/core/right.hpp>
