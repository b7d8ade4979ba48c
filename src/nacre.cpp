// What nacre::compiled holds beside its kernels.

#define NACRE_COMPILED 1
#define NACRE_COMPILE 1

#include <nacre/nacre.hpp>
