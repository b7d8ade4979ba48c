#pragma once
// Many normal random numbers.

#include <cstdint>

#include <nacre/core/compiled.hpp>
#include <nacre/core/random.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// numbers[i] = the standard normal random number of element first_element + i: a function of the stream and the
/// element alone, by the method of Box and Muller, "A note on the generation of random normal deviates", 1958, which
/// makes two numbers of two. (RandomStream::normal draws others, of more bits.)
template <class T>
void normals(const RandomStream& random, std::int64_t first_element, std::int64_t count, T* numbers);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/normals-inl.hpp>
#endif
