# cmake -DFILE=mistakes.cpp -DFOLDER=include -DCOMPILERS=g++;clang++ -DFLAGS=... -P mistakes_test.cmake
#
# Compiles a file that must not compile, with each compiler: it must report the errors that comments in the file
# announce, each once, no others, and few lines for each.

cmake_minimum_required(VERSION 3.16)

set(lines_for_each 20)

# Sets `result` to the regular expressions of the errors that one compiler must report.
function(read_expected compiler result)
  file(STRINGS "${FILE}" lines REGEX "^// (both|${compiler}): ")
  set(all "")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "^// [^:]*: " "" line "${line}")
    string(REPLACE ";" "." line "${line}")  # a list's separator
    list(APPEND all "${line}")
  endforeach()
  set(${result} "${all}" PARENT_SCOPE)
endfunction()

set(ENV{LC_ALL} C)  # English, with plain quotation marks
foreach(compiler IN LISTS COMPILERS)
  execute_process(COMMAND "${compiler}" --version OUTPUT_VARIABLE version)
  if(version MATCHES "clang")
    set(kind clang)
    set(no_limit -ferror-limit=0)
  else()
    set(kind "g[+][+]")
    set(no_limit -fmax-errors=0)
  endif()
  execute_process(COMMAND "${compiler}" -std=c++20 -fsyntax-only -DNACRE_COMPILED=1 ${no_limit} "-I${FOLDER}" ${FLAGS}
                          "${FILE}"
                  OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE status)
  string(REGEX REPLACE "v[0-9]+_[0-9]+::" "" output "${output}")  # the version's inline namespace
  string(REPLACE ";" "." output "${output}")
  string(REPLACE "[" "(" output "${output}")  # a list's brackets hide its separators
  string(REPLACE "]" ")" output "${output}")
  string(REPLACE "\n" ";" lines "${output}")
  list(LENGTH lines line_count)
  set(errors ${lines})
  list(FILTER errors INCLUDE REGEX "error: ")
  list(LENGTH errors error_count)

  read_expected("${kind}" expected)
  list(LENGTH expected expected_count)
  set(left ${errors})
  foreach(pattern IN LISTS expected)
    set(found FALSE)
    set(index 0)
    foreach(error IN LISTS left)
      if(error MATCHES "error: .*(${pattern})")
        set(found TRUE)
        list(REMOVE_AT left ${index})
        break()
      endif()
      math(EXPR index "${index} + 1")
    endforeach()
    if(NOT found)
      message(SEND_ERROR "${compiler}: expected an error with \"${pattern}\", got none among ${left}")
    endif()
  endforeach()
  foreach(error IN LISTS left)
    message(SEND_ERROR "${compiler}: did not expect this error: ${error}")
  endforeach()
  math(EXPR limit "${lines_for_each} * ${expected_count}")
  if(expected_count EQUAL 0 OR line_count GREATER limit)
    message(SEND_ERROR "${compiler}: expected at most ${limit} lines for ${expected_count} errors, got ${line_count}")
  endif()
  message(STATUS "${compiler}: ${error_count} errors in ${line_count} lines")
endforeach()
