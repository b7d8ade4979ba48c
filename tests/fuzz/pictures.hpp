#pragma once
// Where the readers of pictures and the preparation of digits lie.

#if __has_include(<nacre/pictures/image_file.hpp>)
#include <nacre/pictures/image_file.hpp>
#include <nacre/pictures/prepare_digit.hpp>
#else
#include <nacre/datasets/image_file.hpp>
#include <nacre/datasets/prepare_digit.hpp>
#endif
