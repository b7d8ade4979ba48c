#pragma once
// nacre's version. It stands here and nowhere else: the build and the packages read it from this file.

#include <nacre/core/standard.hpp>

#include <string_view>

#define NACRE_VERSION_MAJOR 0
#define NACRE_VERSION_MINOR 1
#define NACRE_VERSION_PATCH 0

#define NACRE_DETAIL_TEXT_OF(number) #number
#define NACRE_DETAIL_TEXT(number) NACRE_DETAIL_TEXT_OF(number)

namespace nacre {

/// nacre's version, "major.minor.patch".
inline constexpr std::string_view version = NACRE_DETAIL_TEXT(NACRE_VERSION_MAJOR) "." NACRE_DETAIL_TEXT(
    NACRE_VERSION_MINOR) "." NACRE_DETAIL_TEXT(NACRE_VERSION_PATCH);

}  // namespace nacre

#undef NACRE_DETAIL_TEXT
#undef NACRE_DETAIL_TEXT_OF
