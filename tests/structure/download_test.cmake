# nacre_download against mirrors that are folders: a right one, one that gives something else, and one that gives
# nothing.

cmake_minimum_required(VERSION 3.16)
include("${CMAKE_CURRENT_LIST_DIR}/../../cmake/download.cmake")

# As a child of itself: tries to download from one bad mirror, which stops the script.
if(DEFINED BAD_MIRROR)
  nacre_download(FILE digits SHA256 ${SUM} FOLDER "${FOLDER}/cache" MIRRORS "${BAD_MIRROR}")
  return()
endif()

file(REMOVE_RECURSE "${FOLDER}")
file(WRITE "${FOLDER}/right/digits" "0123456789")
file(WRITE "${FOLDER}/wrong/digits" "012345678")
file(MAKE_DIRECTORY "${FOLDER}/cache")
file(SHA256 "${FOLDER}/right/digits" sum)

function(expect_cache content)
  file(GLOB names RELATIVE "${FOLDER}/cache" "${FOLDER}/cache/*")
  set(found "")
  if(names STREQUAL "digits")
    file(READ "${FOLDER}/cache/digits" found)
  endif()
  if(NOT found STREQUAL content OR (content STREQUAL "" AND names))
    message(FATAL_ERROR "expected the cache to hold \"${content}\", found \"${found}\" in \"${names}\"")
  endif()
endfunction()

function(expect_refusal mirror)
  execute_process(COMMAND "${CMAKE_COMMAND}" "-DFOLDER=${FOLDER}" "-DSUM=${sum}" "-DBAD_MIRROR=${mirror}" -P
                          "${CMAKE_CURRENT_LIST_DIR}/download_test.cmake"
                  RESULT_VARIABLE result OUTPUT_QUIET ERROR_QUIET)
  if(result EQUAL 0)
    message(FATAL_ERROR "expected ${mirror} to be refused")
  endif()
endfunction()

expect_refusal("file://${FOLDER}/wrong/")
expect_refusal("file://${FOLDER}/nothing/")
expect_cache("")

set(mirrors "file://${FOLDER}/nothing/" "file://${FOLDER}/wrong/" "file://${FOLDER}/right/")
nacre_download(FILE digits SHA256 ${sum} FOLDER "${FOLDER}/cache" MIRRORS ${mirrors})
expect_cache("0123456789")

# Once it is there nothing is fetched; what is there and wrong is replaced.
nacre_download(FILE digits SHA256 ${sum} FOLDER "${FOLDER}/cache" MIRRORS "file://${FOLDER}/nothing/")
expect_cache("0123456789")
file(WRITE "${FOLDER}/cache/digits" "0123")
nacre_download(FILE digits SHA256 ${sum} FOLDER "${FOLDER}/cache" MIRRORS ${mirrors})
expect_cache("0123456789")
message("downloads are verified")
