// Empty: CMake precompiles headers only for a source file to use them in. See tests/CMakeLists.txt.
