# Builds and runs the consumer with the compiler's command lines that README.md shows, as they stand there.
# cmake -DREADME=<README.md> -DNACRE_FOLDER=<nacre> -DPREFIX=<where it is installed> -DLIBDIR=<library folder there>
#       -DCXX=<compiler> -DFLAGS=<more flags> -DVERSION=<nacre's> -DFOLDER=<build folder> -P build.cmake

cmake_minimum_required(VERSION 3.16)

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result WORKING_DIRECTORY "${FOLDER}")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "failed: ${ARGN}")
  endif()
endfunction()

set(ENV{PKG_CONFIG_PATH} "${PREFIX}/share/pkgconfig:${PREFIX}/${LIBDIR}/pkgconfig:$ENV{PKG_CONFIG_PATH}")
foreach(module IN ITEMS nacre nacre-compiled)
  execute_process(COMMAND pkg-config --exact-version ${VERSION} ${module} RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "pkg-config: expected ${module} of version ${VERSION}")
  endif()
endforeach()

file(REMOVE_RECURSE "${FOLDER}")
file(STRINGS "${README}" lines REGEX "^g\\+\\+ .*main\\.cpp")
list(LENGTH lines count)
if(count LESS 3)
  message(FATAL_ERROR "expected README.md to show three command lines, found ${count}")
endif()
foreach(line IN LISTS lines)
  message("${line}")
  # The line without installation and without pkg-config differs in its flags alone, for which a small program will do.
  set(program main.cpp)
  if(line MATCHES "/path/to/nacre")
    set(program layer.cpp)
  endif()
  configure_file("${CMAKE_CURRENT_LIST_DIR}/../${program}" "${FOLDER}/main.cpp" COPYONLY)
  string(REGEX REPLACE "^g\\+\\+ " "\"${CXX}\" ${FLAGS} " line "${line}")
  string(REPLACE "/path/to/nacre" "${NACRE_FOLDER}" line "${line}")
  file(REMOVE "${FOLDER}/app")
  run(sh -c "${line}")
  run("${FOLDER}/app")
endforeach()
