# A compiler that is told of no standard, or of an older one, ends with one error, which names the flag.
# cmake -DFOLDER=<include folder> -DCOMPILERS=<list> "-DFLAGS=<where other headers lie>" -P standard_test.cmake

cmake_minimum_required(VERSION 3.16)

foreach(compiler IN LISTS COMPILERS)
  foreach(header IN ITEMS nacre core/shape layers/dense data/dataset reports/reports)
    set(source "${WORK}/old_standard.cpp")
    file(WRITE "${source}" "#include <nacre/${header}.hpp>\n")
    execute_process(COMMAND "${compiler}" -std=c++17 -fsyntax-only "-I${FOLDER}" ${FLAGS} "${source}"
                    ERROR_VARIABLE errors RESULT_VARIABLE result)
    string(REGEX MATCHALL "error: [^\n]*" found "${errors}")
    list(LENGTH found count)
    if(NOT result EQUAL 0 AND count EQUAL 1 AND found MATCHES "compile with -std=c\\+\\+20")
      continue()
    endif()
    message(FATAL_ERROR "${compiler}: ${header}.hpp with -std=c++17: expected one error, found ${count}:\n${errors}")
  endforeach()
endforeach()
message("older standards end in one error")
