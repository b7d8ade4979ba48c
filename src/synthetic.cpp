// The drawn digits of nacre::compiled.

#define NACRE_COMPILED 1

#include <nacre/synthetic/mnist_or_synthetic-inl.hpp>
#include <nacre/synthetic/synthetic_digits-inl.hpp>
