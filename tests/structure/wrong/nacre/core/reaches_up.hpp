#include <nacre/layers/layer.hpp>
