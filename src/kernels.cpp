// The kernels of nacre::compiled, built once.

#define NACRE_COMPILE_KERNELS 1

#include <nacre/kernels/convolution.hpp>
#include <nacre/kernels/dense.hpp>
#include <nacre/kernels/dropout.hpp>
#include <nacre/kernels/elementwise.hpp>
#include <nacre/kernels/normalization.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/kernels/pooling.hpp>
#include <nacre/kernels/reductions.hpp>
#include <nacre/kernels/softmax.hpp>
