#pragma once
#if defined(NACRE_COMPILED)   // the project links nacre::compiled, where everything heavy is built once
#define NACRE_HEADER_ONLY 0
#define NACRE_INLINE
#else
#define NACRE_HEADER_ONLY 1
#define NACRE_INLINE inline
#endif

// What nacre::compiled holds built: a project that links it (and so has NACRE_COMPILED defined) reads declarations
// where others read definitions, and its units compile faster. Results are the same. The library's source defines
// NACRE_COMPILE.

/// NACRE_DEFINES is 1 where definitions are to be read.
///
/// NACRE_INSTANCE(declaration), after a template's definition: this instance of it is in the library.
#if defined(NACRE_COMPILE)
#define NACRE_DEFINES 1
#define NACRE_INSTANCE(...) template __VA_ARGS__
#elif defined(NACRE_COMPILED)
#define NACRE_DEFINES 0
#define NACRE_INSTANCE(...) extern template __VA_ARGS__
#else
#define NACRE_DEFINES 1
#define NACRE_INSTANCE(...) static_assert(true)
#endif
