#pragma once
// The only file that names an xtensor header. From 0.26 on xtensor keeps its headers in subfolders.

#include <nacre/core/version.hpp>

#if defined(__has_include)
#if __has_include(<xtensor/containers/xarray.hpp>)
#define NACRE_XTENSOR_SUBFOLDERS 1
#endif
#endif

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wpedantic"
#endif

#if defined(NACRE_XTENSOR_SUBFOLDERS)
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xarray.hpp>
#include <xtensor/core/xnoalias.hpp>
#include <xtensor/views/xbroadcast.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xbroadcast.hpp>
#include <xtensor/xnoalias.hpp>
#endif

#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
