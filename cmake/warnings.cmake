# What nacre's own programs are compiled with; nothing of it reaches a project that uses nacre.

add_library(nacre_warnings INTERFACE)
target_compile_options(nacre_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                                -Wsign-conversion -Wfloat-conversion -Wundef
                                                $<$<BOOL:${NACRE_WERROR}>:-Werror>)
