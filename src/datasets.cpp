// The files of data sets in nacre::compiled.

#define NACRE_COMPILED 1

#include <nacre/datasets/idx-inl.hpp>
#include <nacre/datasets/mnist-inl.hpp>
