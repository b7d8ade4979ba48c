// What nacre::compiled holds beside its kernels.

#define NACRE_COMPILED 1
#define NACRE_COMPILE 1

#include <nacre/callbacks/csv_logger-inl.hpp>
#include <nacre/callbacks/monitor-inl.hpp>
#include <nacre/core/atomic_file-inl.hpp>
#include <nacre/core/available_cores-inl.hpp>
#include <nacre/core/thread_pool-inl.hpp>
#include <nacre/datasets/prepare_digit.hpp>
#include <nacre/nacre.hpp>
