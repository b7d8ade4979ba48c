#pragma once
// nacre's version. It stands here and nowhere else: the build and the packages read it from this file.

#include <nacre/core/standard.hpp>

#include <string_view>

#define NACRE_VERSION_MAJOR 0
#define NACRE_VERSION_MINOR 1
#define NACRE_VERSION_PATCH 0

// All names of nacre lie in an inline namespace of its version, nacre::v0_1: programs write nacre::Dense, and two
// versions can live in one program, each with symbols of its own. Headers open it as
//     namespace nacre::inline NACRE_VERSION_NAMESPACE {
#define NACRE_DETAIL_NAMESPACE_OF(major, minor) v##major##_##minor
#define NACRE_DETAIL_NAMESPACE(major, minor) NACRE_DETAIL_NAMESPACE_OF(major, minor)
#define NACRE_VERSION_NAMESPACE NACRE_DETAIL_NAMESPACE(NACRE_VERSION_MAJOR, NACRE_VERSION_MINOR)

#define NACRE_DETAIL_TEXT_OF(number) #number
#define NACRE_DETAIL_TEXT(number) NACRE_DETAIL_TEXT_OF(number)

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// nacre's version, "major.minor.patch".
inline constexpr std::string_view version = NACRE_DETAIL_TEXT(NACRE_VERSION_MAJOR) "." NACRE_DETAIL_TEXT(
    NACRE_VERSION_MINOR) "." NACRE_DETAIL_TEXT(NACRE_VERSION_PATCH);

}  // namespace nacre

#undef NACRE_DETAIL_TEXT
#undef NACRE_DETAIL_TEXT_OF
