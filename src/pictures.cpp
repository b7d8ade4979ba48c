// The preparation of pictures in nacre::compiled.

#include <nacre/pictures/image_file-inl.hpp>
#include <nacre/pictures/image_folder-inl.hpp>
#include <nacre/pictures/prepare_digit-inl.hpp>
