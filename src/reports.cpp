// The reports of nacre::compiled.

#define NACRE_COMPILED 1
#define NACRE_COMPILE_REPORTS 1

#include <nacre/reports/html.hpp>
