#pragma once
// Ruled and squared paper: lines through the whole picture are taken away, and what is written across them stays.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <nacre/datasets/plane.hpp>

namespace nacre::datasets::detail {

inline void remove_ruled_lines(Plane&) {}

}  // namespace nacre::datasets::detail
