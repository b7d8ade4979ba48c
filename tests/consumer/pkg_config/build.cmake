# Builds and runs the consumer with the flags of pkg-config alone.
# cmake -DPREFIX=<where nacre is installed> -DCXX=<compiler> -DPKG_CONFIG=<pkg-config> -DFOLDER=<build folder> -P build.cmake

cmake_minimum_required(VERSION 3.16)

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "failed: ${ARGN}")
  endif()
endfunction()

set(ENV{PKG_CONFIG_PATH} "${PREFIX}/share/pkgconfig:$ENV{PKG_CONFIG_PATH}")
run("${PKG_CONFIG}" --exact-version ${VERSION} nacre)
execute_process(COMMAND "${PKG_CONFIG}" --cflags --libs nacre OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE)
separate_arguments(flags UNIX_COMMAND "${flags}")

file(MAKE_DIRECTORY "${FOLDER}")
run("${CXX}" -std=c++20 "${CMAKE_CURRENT_LIST_DIR}/../main.cpp" -o "${FOLDER}/consumer" ${flags})
run("${FOLDER}/consumer")
