#pragma once
// The bodies of normals.hpp.

#include <algorithm>
#include <cmath>
#include <numbers>

#include <nacre/kernels/dropout-inl.hpp>
#include <nacre/kernels/functions-inl.hpp>
#include <nacre/kernels/normals.hpp>
#include <nacre/kernels/simd/special.hpp>

#define NACRE_SIMD_NARROW
#define NACRE_SIMD_SOURCE <nacre/kernels/simd/normals.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

template <class T>
void normals(const RandomStream& random, std::int64_t first_element, std::int64_t count, T* numbers) {
  const detail::PhiloxCounter stream{random.key()[0], random.key()[1], random.step(), random.use()};
  NACRE_SIMD_CALL_NARROW(normals<T>, stream, first_element, count, numbers);
}

}  // namespace nacre::kernels
