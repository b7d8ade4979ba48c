// The files of data sets in nacre::compiled.

#include <nacre/datasets/idx-inl.hpp>
#include <nacre/datasets/mnist-inl.hpp>
