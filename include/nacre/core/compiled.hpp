#pragma once
// The build switch. nacre is header-only, unless a project links nacre::compiled, which has everything heavy built once
// and defines NACRE_COMPILED for targets that link it. Results are the same.
//
// A header with heavy bodies, x.hpp, declares; the bodies stand in x-inl.hpp, which it includes at its end where
// NACRE_HEADER_ONLY is 1. Functions there that are no templates begin with NACRE_INLINE, or with NACRE_SETUP where they
// make things ready or fail and are seldom called: then they are compiled for size, which takes less time. The sources
// of nacre::compiled include the -inl headers by name and instantiate their templates for float and double.

#include <nacre/core/version.hpp>

#if defined(NACRE_COMPILED)
#define NACRE_HEADER_ONLY 0
#define NACRE_INLINE
#else
#define NACRE_HEADER_ONLY 1
#define NACRE_INLINE inline
#endif

#define NACRE_SETUP [[gnu::cold]] NACRE_INLINE
