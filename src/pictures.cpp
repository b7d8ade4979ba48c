// The preparation of pictures in nacre::compiled.

#define NACRE_COMPILED 1

#include <nacre/pictures/image_file-inl.hpp>
#include <nacre/pictures/prepare_digit-inl.hpp>
