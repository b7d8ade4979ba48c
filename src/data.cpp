// Shapes and data sets in nacre::compiled.

#include <nacre/core/hash-inl.hpp>
#include <nacre/core/shape-inl.hpp>
#include <nacre/data/adapt-inl.hpp>
#include <nacre/data/column-inl.hpp>
#include <nacre/data/dataset-inl.hpp>
#include <nacre/data/generator-inl.hpp>
#include <nacre/data/k_fold-inl.hpp>
#include <nacre/data/string_lookup-inl.hpp>
#include <nacre/data/text_vectorization-inl.hpp>
#include <nacre/data/timeseries-inl.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

template void Column::gather(std::int64_t, float*) const;
template void Column::gather(std::int64_t, double*) const;

}  // namespace nacre
