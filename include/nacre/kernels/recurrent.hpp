#pragma once
// What the cells of recurrent layers compute besides products: the gates' activations and the new state, and their
// gradients, each in one pass. Row-major: a row is a sample. These are the cells with Keras' default activations, the
// logistic function of gates and tanh of states.

#include <cstdint>

#include <nacre/core/compiled.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// Rows of numbers of a step: of the gates [rows, 4 units], of all else [rows, units].
struct CellShape {
  std::int64_t rows;
  std::int64_t units;
};

/// LSTM (Hochreiter and Schmidhuber, 1997; forget gates: Gers et al., 2000), gates in Keras' order: input i, forget f,
/// candidate g, output o. `gates` holds what goes into them and is overwritten with what comes out:
/// c = sigmoid(f) c_before + sigmoid(i) tanh(g), h = sigmoid(o) tanh(c). `c` may be `c_before`.
template <class T>
void lstm_cell(const CellShape& shape, T* gates, const T* c_before, T* c, T* h);

/// From the gradients dh and dc of h and c those of what went into the gates, in their place, and of c_before, in dc's.
template <class T>
void lstm_cell_gradient(const CellShape& shape, T* gates, const T* c_before, const T* c, const T* dh, T* dc);

/// GRU with the reset gate behind the product (Cho et al., 2014; cuDNN's form): `gates` holds what goes into z, r and
/// the candidate, without and with its recurrent part q, and is overwritten with z, r, the candidate
/// g = tanh(x + r q), and q as it was. h = z h_before + (1 - z) g. `h` must not be `h_before`.
template <class T>
void gru_cell(const CellShape& shape, T* gates, const T* h_before, T* h);

/// From the gradient of h those of the four parts of `gates`, in their place, and what flows to h_before past the
/// gates, in dh's.
template <class T>
void gru_cell_gradient(const CellShape& shape, T* gates, const T* h_before, T* dh);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/recurrent-inl.hpp>
#endif
