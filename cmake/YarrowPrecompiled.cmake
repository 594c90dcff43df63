# Precompiled headers, each made once and shared by many targets.

file(WRITE "${CMAKE_BINARY_DIR}/precompiled.cpp" "")

# yarrow_precompiled_header(NAME LINKS…): compiles cmake/precompiled/NAME.h.
function(yarrow_precompiled_header name)
  add_library(yarrow_precompiled_${name} OBJECT "${CMAKE_BINARY_DIR}/precompiled.cpp")
  target_link_libraries(yarrow_precompiled_${name} PRIVATE yarrow_warnings ${ARGN})
  target_precompile_headers(yarrow_precompiled_${name} PRIVATE "${PROJECT_SOURCE_DIR}/cmake/precompiled/${name}.h")
endfunction()

# yarrow_use_precompiled(TARGET NAME): what TARGET compiles begins with that header.
function(yarrow_use_precompiled target name)
  target_precompile_headers(${target} REUSE_FROM yarrow_precompiled_${name})
  # The header was compiled with -fPIC and CMake gives programs -fPIE; Qt before 6.5 asks for -fPIC itself.
  if(Qt6_VERSION VERSION_GREATER_EQUAL 6.5)
    target_compile_options(${target} PRIVATE -fPIC)
  endif()
endfunction()
