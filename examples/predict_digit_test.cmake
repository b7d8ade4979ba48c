# Runs predict_digit on pictures and on what is none: PROGRAM, a MODEL, a folder of PICTURES, and OUT, written to.
# HAVE_PICTURES: whether the program was built with libpng and libjpeg.

cmake_minimum_required(VERSION 3.16)

function(run)
  execute_process(COMMAND "${PROGRAM}" ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE error)
  set(code "${code}" PARENT_SCOPE)
  set(output "${output}" PARENT_SCOPE)
  set(error "${error}" PARENT_SCOPE)
endfunction()

function(fail what)
  message(FATAL_ERROR "expected ${what}; exit code ${code}, output:\n${output}\nerrors:\n${error}")
endfunction()

# What is wrong is said in one line, with a non-zero exit code and nothing on the standard output.
function(expect_error line)
  if(code EQUAL 0)
    fail("a non-zero exit code")
  elseif(NOT output STREQUAL "")
    fail("no output")
  elseif(NOT error MATCHES "^predict_digit: [^\n]*${line}[^\n]*\n$")
    fail("one line with: ${line}")
  endif()
endfunction()

function(expect_output pattern)
  if(NOT code EQUAL 0 OR NOT error STREQUAL "")
    fail("no error")
  elseif(NOT output MATCHES "${pattern}")
    fail("output like ${pattern}")
  endif()
endfunction()

run("${MODEL}" "${PICTURES}/none.png")
expect_error("none.png: no such file")
run("${MODEL}" "${CMAKE_CURRENT_LIST_FILE}")
expect_error("predict_digit_test.cmake: expected a PNG or JPEG file")
run("${OUT}/no-model" "${PICTURES}/seven.png")
expect_error("no-model")
run("${MODEL}" "${PICTURES}/seven.png" --no-such-option)
expect_error("no-such-option")
run("${CMAKE_CURRENT_LIST_FILE}" "${PICTURES}/seven.png")
expect_error("predict_digit_test.cmake")

if(NOT HAVE_PICTURES)
  message("the program was built without libpng or libjpeg")
  return()
endif()

run("${MODEL}" "${PICTURES}/blank.png")
expect_error("blank.png: prepare_digit: expected a digit")
run("${MODEL}" "${PICTURES}/blank.png" --json)
if(code EQUAL 0 OR NOT output MATCHES "\"error\": \"[^\n]*blank.png: prepare_digit: expected a digit")
  fail("the error in JSON, and a non-zero exit code")
endif()

file(REMOVE_RECURSE "${OUT}")
run("${MODEL}" "${PICTURES}/seven.png" "${PICTURES}/three.jpg" --out "${OUT}")
expect_output("seven.png: [0-9] .*three.jpg: [0-9] ")
if(NOT EXISTS "${OUT}/seven-seen.png" OR NOT EXISTS "${OUT}/three-seen.png")
  fail("a comparison of each picture in ${OUT}")
endif()

run("${MODEL}" "${PICTURES}/seven.png" --json)
expect_output("^\\[\n.*\"digit\": [0-9],.*\"probabilities\": .*\\]\n$")
