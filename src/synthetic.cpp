// The drawn digits of nacre::compiled.

#include <nacre/synthetic/mnist_or_synthetic-inl.hpp>
#include <nacre/synthetic/synthetic_digits-inl.hpp>
