// What nacre::compiled holds beside its kernels.

#define NACRE_COMPILED 1
#define NACRE_COMPILE 1

#include <nacre/core/available_cores-inl.hpp>
#include <nacre/core/thread_pool-inl.hpp>
#include <nacre/datasets/prepare_digit.hpp>
#include <nacre/nacre.hpp>
