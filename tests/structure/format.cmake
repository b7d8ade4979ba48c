# Fails on sources that clang-format 14 would change: the style is .clang-format.
# cmake -DFOLDER=<nacre> -DCLANG_FORMAT=<program> -P format.cmake

cmake_minimum_required(VERSION 3.16)

set(version "")
if(CLANG_FORMAT)
  execute_process(COMMAND "${CLANG_FORMAT}" --version OUTPUT_VARIABLE version ERROR_QUIET)
endif()
if(NOT version MATCHES "version 14\\.")
  message("skipped: clang-format 14 was not found (Debian: clang-format-14)")
  return()
endif()

set(files "")
foreach(folder IN ITEMS include src tests examples benchmarks)
  file(GLOB_RECURSE found "${FOLDER}/${folder}/*.hpp" "${FOLDER}/${folder}/*.cpp")
  list(APPEND files ${found})
endforeach()
list(FILTER files EXCLUDE REGEX "/tests/structure/wrong/")
list(LENGTH files count)
execute_process(COMMAND "${CLANG_FORMAT}" --dry-run --Werror --ferror-limit=1 ${files} RESULT_VARIABLE result
                ERROR_VARIABLE errors)
if(NOT result EQUAL 0)
  string(REGEX MATCHALL "[^\n]*: error: code should be clang-formatted" wrong "${errors}")
  list(LENGTH wrong wrong_count)
  string(REPLACE ";" "\n" wrong "${wrong}")
  string(REPLACE "${FOLDER}/" "" wrong "${wrong}")
  message("${wrong}")
  message(FATAL_ERROR "${wrong_count} of ${count} files differ from .clang-format; run clang-format-14 -i on them")
endif()
message("${count} files are formatted")
