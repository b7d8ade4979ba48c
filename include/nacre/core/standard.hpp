#pragma once
// nacre needs C++20. Every header begins with this one, or with one that does: an older standard ends in one line here
// instead of in errors by the thousand. (The compiler goes on after #error, but not after a file that is missing.)

#if !defined(__cplusplus) || __cplusplus < 202002L
#include "nacre needs C++20: compile with -std=c++20"
#endif
