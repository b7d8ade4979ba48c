# Runs predict_digit on pictures and on what is none: PROGRAM, a MODEL, a folder of PICTURES, and OUT, written to.
# HAVE_PICTURES: whether the program was built with libpng and libjpeg.

cmake_minimum_required(VERSION 3.16)

function(run)
  execute_process(COMMAND "${PROGRAM}" ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE error)
  set(code "${code}" PARENT_SCOPE)
  set(output "${output}" PARENT_SCOPE)
  set(error "${error}" PARENT_SCOPE)
endfunction()

function(expect what)
  if(NOT (${ARGN}))
    message(FATAL_ERROR "expected ${what}; exit code ${code}, output:\n${output}\nerrors:\n${error}")
  endif()
endfunction()

# What is wrong is said in one line, with a non-zero exit code and nothing on the standard output.
function(expect_error line)
  expect("a non-zero exit code" NOT code EQUAL 0)
  expect("no output" output STREQUAL "")
  expect("one line with: ${line}" error MATCHES "^predict_digit: [^\n]*${line}[^\n]*\n$")
endfunction()

run("${MODEL}" "${PICTURES}/none.png")
expect_error("none.png: no such file")
run("${MODEL}" "${CMAKE_CURRENT_LIST_FILE}")
expect_error("predict_digit_test.cmake: expected a PNG or JPEG file")
run("${OUT}/no-model" "${PICTURES}/seven.png")
expect_error("no-model")
run("${CMAKE_CURRENT_LIST_FILE}" "${PICTURES}/seven.png")
expect_error("predict_digit_test.cmake")

if(NOT HAVE_PICTURES)
  message("the program was built without libpng or libjpeg")
  return()
endif()

run("${MODEL}" "${PICTURES}/blank.png" --json --no-preview)
expect("a non-zero exit code" NOT code EQUAL 0)
expect("the error in JSON" output MATCHES "\"error\": \"[^\n]*blank.png: prepare_digit: expected a digit")

file(REMOVE_RECURSE "${OUT}")
run("${MODEL}" "${PICTURES}/seven.png" "${PICTURES}/three.jpg" --out "${OUT}")
expect("success" code EQUAL 0)
expect("no errors" error STREQUAL "")
expect("both predictions" output MATCHES "seven.png: [0-9] .*three.jpg: [0-9] ")
expect("both comparisons" EXISTS "${OUT}/seven-seen.png" AND EXISTS "${OUT}/three-seen.png")

run("${MODEL}" "${PICTURES}/seven.png" --json)
expect("success" code EQUAL 0)
expect("JSON alone" output MATCHES "^\\[\n.*\"digit\": [0-9],.*\"probabilities\": .*\\]\n$")
