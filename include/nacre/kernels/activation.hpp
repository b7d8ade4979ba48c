#pragma once
// All activations.

#include <nacre/core/compiled.hpp>
#include <nacre/kernels/activations/activation.hpp>
#include <nacre/kernels/activations/celu.hpp>
#include <nacre/kernels/activations/elu.hpp>
#include <nacre/kernels/activations/exponential.hpp>
#include <nacre/kernels/activations/gelu.hpp>
#include <nacre/kernels/activations/hard_shrink.hpp>
#include <nacre/kernels/activations/hard_sigmoid.hpp>
#include <nacre/kernels/activations/hard_silu.hpp>
#include <nacre/kernels/activations/hard_tanh.hpp>
#include <nacre/kernels/activations/leaky_relu.hpp>
#include <nacre/kernels/activations/linear.hpp>
#include <nacre/kernels/activations/log_sigmoid.hpp>
#include <nacre/kernels/activations/log_softmax.hpp>
#include <nacre/kernels/activations/mish.hpp>
#include <nacre/kernels/activations/relu.hpp>
#include <nacre/kernels/activations/relu6.hpp>
#include <nacre/kernels/activations/selu.hpp>
#include <nacre/kernels/activations/sigmoid.hpp>
#include <nacre/kernels/activations/silu.hpp>
#include <nacre/kernels/activations/soft_shrink.hpp>
#include <nacre/kernels/activations/softmax.hpp>
#include <nacre/kernels/activations/softplus.hpp>
#include <nacre/kernels/activations/softsign.hpp>
#include <nacre/kernels/activations/sparse_plus.hpp>
#include <nacre/kernels/activations/sparse_sigmoid.hpp>
#include <nacre/kernels/activations/sparsemax.hpp>
#include <nacre/kernels/activations/squareplus.hpp>
#include <nacre/kernels/activations/tanh.hpp>
#include <nacre/kernels/activations/tanh_shrink.hpp>
#include <nacre/kernels/activations/threshold.hpp>

#if NACRE_HEADER_ONLY
#include <nacre/kernels/activation-inl.hpp>
#endif
