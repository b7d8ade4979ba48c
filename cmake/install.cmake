# Installs the headers and what find_package(nacre) and pkg-config read. Nothing of it depends on the processor, so all
# of it goes to share/.

include(CMakePackageConfigHelpers)

set(nacre_config_folder share/cmake/nacre)

install(DIRECTORY include/nacre DESTINATION include)
install(TARGETS nacre EXPORT nacreTargets)
install(EXPORT nacreTargets NAMESPACE nacre:: DESTINATION ${nacre_config_folder})

configure_package_config_file(cmake/nacreConfig.cmake.in nacreConfig.cmake INSTALL_DESTINATION ${nacre_config_folder})
# Below 1.0 a minor version may change what compiles.
write_basic_package_version_file(nacreConfigVersion.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/nacreConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/nacreConfigVersion.cmake"
              cmake/nacre-dependencies.cmake cmake/FindCBLAS.cmake
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
