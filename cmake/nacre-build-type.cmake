# Says so where a project that uses nacre is built without optimization by mistake: CMake's default is no build type,
# and so none. NACRE_WARN_UNOPTIMIZED=OFF silences it, as does a build type: who asks for Debug knows.

option(NACRE_WARN_UNOPTIMIZED "Warn where a project that uses nacre has neither a build type nor -O flags" ON)

function(nacre_warn_unoptimized)
  get_directory_property(options COMPILE_OPTIONS)
  get_property(has_warned GLOBAL PROPERTY nacre_has_warned_unoptimized)
  if(has_warned OR NOT NACRE_WARN_UNOPTIMIZED OR CMAKE_BUILD_TYPE OR CMAKE_CONFIGURATION_TYPES OR
     "${CMAKE_CXX_FLAGS} ${options}" MATCHES "(^|[ ;])-O")
    return()
  endif()
  set_property(GLOBAL PROPERTY nacre_has_warned_unoptimized ON)
  message(WARNING "nacre: this project has no build type, so it is compiled without optimization, and networks train "
                  "about 20 times slower. Configure it with -DCMAKE_BUILD_TYPE=Release. "
                  "(-DNACRE_WARN_UNOPTIMIZED=OFF silences this.)")
endfunction()
