# Finds a BLAS with the C interface: OpenBLAS where there is one, otherwise what FindBLAS offers, with a cblas.h.
# Defines the target CBLAS::CBLAS, CBLAS_INCLUDE_DIR and CBLAS_LIBRARY.

# OpenBLAS' headers and library lie in folders of their own on some systems, and pkg-config knows where.
find_package(PkgConfig QUIET)
if(PKG_CONFIG_FOUND)
  pkg_check_modules(CBLAS_OPENBLAS QUIET openblas)
endif()

# Homebrew keeps OpenBLAS apart, since macOS has a BLAS of its own.
set(CBLAS_HOMEBREW /opt/homebrew/opt/openblas /usr/local/opt/openblas)
find_library(CBLAS_LIBRARY NAMES openblas HINTS ${CBLAS_OPENBLAS_LIBRARY_DIRS} PATHS ${CBLAS_HOMEBREW}
             PATH_SUFFIXES lib openblas openblas-pthread)
if(NOT CBLAS_LIBRARY)
  find_package(BLAS QUIET)
  find_library(CBLAS_LIBRARY NAMES cblas)
  if(BLAS_FOUND AND NOT CBLAS_LIBRARY)
    set(CBLAS_LIBRARY "${BLAS_LIBRARIES}" CACHE STRING "Library with the cblas_ functions" FORCE)
  endif()
endif()
find_path(CBLAS_INCLUDE_DIR NAMES cblas.h HINTS ${CBLAS_OPENBLAS_INCLUDE_DIRS} PATHS ${CBLAS_HOMEBREW}
          PATH_SUFFIXES include openblas openblas-pthread)
mark_as_advanced(CBLAS_LIBRARY CBLAS_INCLUDE_DIR)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CBLAS REQUIRED_VARS CBLAS_LIBRARY CBLAS_INCLUDE_DIR)

if(CBLAS_FOUND AND NOT TARGET CBLAS::CBLAS)
  add_library(CBLAS::CBLAS INTERFACE IMPORTED)
  set_target_properties(CBLAS::CBLAS PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${CBLAS_INCLUDE_DIR}"
                                                INTERFACE_LINK_LIBRARIES "${CBLAS_LIBRARY};${BLAS_LIBRARIES}")
endif()
