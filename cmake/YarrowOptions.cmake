# Build-wide choices: language level, output folders, sanitizers, fast linking.
# What is shipped stands on its own; builds for development share the libraries among a hundred test programs.
option(BUILD_SHARED_LIBS "Build the libraries as shared ones" OFF)
option(YARROW_TESTS "Build the tests" ON)
option(YARROW_BENCH "Build the benchmarks" ON)
option(YARROW_FUZZ "Build the libFuzzer targets (clang only)" OFF)
option(YARROW_WERROR "Treat warnings as errors" ON)
set(YARROW_SANITIZE "" CACHE STRING "Sanitizers, for -fsanitize= (for example address,undefined)")

# Line tables are enough for a stack trace, and make the build a sixth faster. Debug is optimised as far as it does
# not hinder a debugger, because the tests run with it all day.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG" CACHE STRING "" FORCE)
set(CMAKE_CXX_FLAGS_DEBUG "-Og -g" CACHE STRING "" FORCE)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_AUTOGEN_ORIGIN_DEPENDS OFF) # moc of a target need not wait for the libraries it links
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")

find_program(YARROW_MOLD mold)
if(YARROW_MOLD AND CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
  add_link_options(-fuse-ld=mold)
endif()

find_program(YARROW_CCACHE ccache)
if(YARROW_CCACHE)
  # With precompiled headers it finds nothing again unless it may pass over the macros that define their contents.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
    "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime" "${YARROW_CCACHE}")
endif()

if(YARROW_SANITIZE)
  add_compile_options(-fsanitize=${YARROW_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${YARROW_SANITIZE})
endif()

if(YARROW_SANITIZE MATCHES "undefined" AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang"
   AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 17)
  add_compile_options(-fno-sanitize=function) # its marks before a function cannot be emitted for coroutines
endif()

if(YARROW_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link) # coverage, also of what the fuzz targets link
  add_link_options(-fsanitize=fuzzer-no-link)
endif()
