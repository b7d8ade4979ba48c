// The files of data sets in nacre::compiled.

#include <nacre/datasets/cifar-inl.hpp>
#include <nacre/datasets/csv-inl.hpp>
#include <nacre/datasets/idx-inl.hpp>
#include <nacre/datasets/mnist-inl.hpp>
#include <nacre/datasets/npy-inl.hpp>
#include <nacre/datasets/npz-inl.hpp>
#include <nacre/datasets/text_lines-inl.hpp>
