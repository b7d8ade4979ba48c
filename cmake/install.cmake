# Installs the headers, nacre::compiled unless NACRE_INSTALL_COMPILED is off, and what find_package(nacre) and
# pkg-config read. Headers alone depend on no processor, and all that goes with them lies in share/; a library and what
# names it lie where the system keeps libraries.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(nacre_targets nacre)
set(nacre_config_folder share/cmake/nacre)
set(nacre_arch_independent ARCH_INDEPENDENT)
if(NACRE_INSTALL_COMPILED)
  set(nacre_targets nacre nacre_compiled nacre_precompiled)
  set(nacre_config_folder ${CMAKE_INSTALL_LIBDIR}/cmake/nacre)
  set(nacre_arch_independent "")
endif()

install(DIRECTORY include/nacre DESTINATION include)
install(TARGETS ${nacre_targets} EXPORT nacreTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT nacreTargets NAMESPACE nacre:: DESTINATION ${nacre_config_folder})

configure_package_config_file(cmake/nacreConfig.cmake.in nacreConfig.cmake INSTALL_DESTINATION ${nacre_config_folder})
# Below 1.0 a minor version may change what compiles.
write_basic_package_version_file(nacreConfigVersion.cmake COMPATIBILITY SameMinorVersion ${nacre_arch_independent})
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/nacreConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/nacreConfigVersion.cmake"
              cmake/nacre-dependencies.cmake cmake/nacre-build-type.cmake cmake/FindCBLAS.cmake
        DESTINATION ${nacre_config_folder})

# For pkg-config: what has a .pc file is required by name, the rest is named by its flags.
set(nacre_pc_requires "")
set(nacre_pc_cflags "")
set(nacre_pc_libs "")
macro(nacre_pc_require module include_directories libraries)
  find_package(PkgConfig QUIET)
  if(PKG_CONFIG_FOUND)
    pkg_check_modules(NACRE_PC_${module} QUIET ${module})
  endif()
  if(NACRE_PC_${module}_FOUND)
    list(APPEND nacre_pc_requires ${module})
  else()
    foreach(directory IN ITEMS ${include_directories})
      string(APPEND nacre_pc_cflags " -I${directory}")
    endforeach()
    foreach(library IN ITEMS ${libraries})
      string(APPEND nacre_pc_libs " ${library}")
    endforeach()
  endif()
endmacro()
get_target_property(nacre_xtensor_include xtensor INTERFACE_INCLUDE_DIRECTORIES)
get_target_property(nacre_json_include nlohmann_json::nlohmann_json INTERFACE_INCLUDE_DIRECTORIES)
nacre_pc_require(openblas "${CBLAS_INCLUDE_DIR}" "${CBLAS_LIBRARY}")
nacre_pc_require(xtensor "${nacre_xtensor_include}" "")
nacre_pc_require(nlohmann_json "${nacre_json_include}" "")
set(nacre_module_of_ZLIB zlib)
set(nacre_module_of_PNG libpng)
set(nacre_module_of_JPEG libjpeg)
foreach(package IN ITEMS ZLIB PNG JPEG)
  if(NACRE_WITH_${package})
    nacre_pc_require(${nacre_module_of_${package}} "${${package}_INCLUDE_DIRS}" "${${package}_LIBRARIES}")
    string(APPEND nacre_pc_cflags " -DNACRE_HAVE_${package}=1")
  endif()
endforeach()
string(REPLACE ";" " " nacre_pc_requires "${nacre_pc_requires}")

configure_file(cmake/nacre.pc.in nacre.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/nacre.pc" DESTINATION share/pkgconfig)
if(NACRE_INSTALL_COMPILED)
  configure_file(cmake/nacre-compiled.pc.in nacre-compiled.pc @ONLY)
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/nacre-compiled.pc" DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()
