// Shapes, data sets and their files in nacre::compiled.

#define NACRE_COMPILED 1

#include <nacre/core/shape-inl.hpp>
#include <nacre/data/column-inl.hpp>
#include <nacre/data/dataset-inl.hpp>
#include <nacre/datasets/idx-inl.hpp>
#include <nacre/datasets/mnist-inl.hpp>

namespace nacre {

template void Column::gather(std::int64_t, float*) const;
template void Column::gather(std::int64_t, double*) const;

}  // namespace nacre
