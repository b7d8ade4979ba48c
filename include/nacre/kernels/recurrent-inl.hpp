#pragma once
// The bodies of recurrent.hpp.

#include <nacre/kernels/recurrent.hpp>
#include <nacre/kernels/simd/math.hpp>

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/recurrent.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

template <class T>
void lstm_cell(const CellShape& shape, T* gates, const T* c_before, T* c, T* h) {
  NACRE_SIMD_CALL(lstm_cell<T>, shape, gates, c_before, c, h);
}
template <class T>
void lstm_cell_gradient(const CellShape& shape, T* gates, const T* c_before, const T* c, const T* dh, T* dc) {
  NACRE_SIMD_CALL(lstm_cell_gradient<T>, shape, gates, c_before, c, dh, dc);
}
template <class T>
void gru_cell(const CellShape& shape, T* gates, const T* h_before, T* h) {
  NACRE_SIMD_CALL(gru_cell<T>, shape, gates, h_before, h);
}
template <class T>
void gru_cell_gradient(const CellShape& shape, T* gates, const T* h_before, T* dh) {
  NACRE_SIMD_CALL(gru_cell_gradient<T>, shape, gates, h_before, dh);
}

}  // namespace nacre::kernels
