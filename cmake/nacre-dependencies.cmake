# Finds what nacre stands on; read where nacre is built and, once installed, by find_package(nacre).
# NACRE_WITH_ZLIB, NACRE_WITH_PNG and NACRE_WITH_JPEG say whether zlib, libpng and libjpeg belong to it.

include(CMakeFindDependencyMacro)

# A project may bring any of these as a subproject: what is there already is taken. What is missing stops nacre's own
# build; find_package(nacre) reports it as a nacre that was not found.
macro(nacre_find target package)
  if(NOT TARGET ${target})
    if(CMAKE_FIND_PACKAGE_NAME STREQUAL "nacre")
      find_dependency(${package})
    else()
      find_package(${package} REQUIRED)
    endif()
  endif()
endmacro()

list(INSERT CMAKE_MODULE_PATH 0 "${CMAKE_CURRENT_LIST_DIR}")
nacre_find(CBLAS::CBLAS CBLAS)
list(REMOVE_AT CMAKE_MODULE_PATH 0)
nacre_find(xtensor xtensor)
nacre_find(nlohmann_json::nlohmann_json nlohmann_json)
nacre_find(Threads::Threads Threads)
foreach(library IN ITEMS ZLIB PNG JPEG)
  if(NACRE_WITH_${library})
    nacre_find(${library}::${library} ${library})
  endif()
endforeach()

# xtensor's linear algebra, for layers of your own. Not every system has a package of it, and nothing that nacre itself
# computes needs it.
if(NOT TARGET xtensor-blas)
  find_package(xtensor-blas QUIET)
endif()
