# How a target of ours is declared, so that every one has the same warnings and guards.

add_library(yarrow_warnings INTERFACE)
target_compile_options(yarrow_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  # g++ 14 sees uninitialised values where a std::optional is empty.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_GREATER_EQUAL:$<CXX_COMPILER_VERSION>,13>>:-Wno-maybe-uninitialized>
  # g++ 12 to 14 see copies out of bounds in the standard library's own strings (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds;-Wno-restrict;-Wno-stringop-overflow>
  $<$<BOOL:${YARROW_WERROR}>:-Werror>)
target_compile_definitions(yarrow_warnings INTERFACE
  QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_FOREACH QT_NO_URL_CAST_FROM_STRING
  QT_NO_KEYWORDS QT_DISABLE_DEPRECATED_BEFORE=0x060400
  QT_WARN_DEPRECATED_UP_TO=0x060400) # what 6.5 and later deprecate has no replacement in 6.4 yet
target_include_directories(yarrow_warnings INTERFACE "${PROJECT_SOURCE_DIR}")

include(YarrowPrecompiled)
yarrow_precompiled_header(client Qt6::Core tl::expected)
yarrow_precompiled_header(widgets Qt6::Widgets tl::expected)
yarrow_precompiled_header(tests Qt6::Test tl::expected)
yarrow_precompiled_header(widget_tests Qt6::Widgets Qt6::Test tl::expected)

# yarrow_library(NAME SOURCES … LINKS … PRIVATE_LINKS … PRECOMPILED …): one floor of the house.
function(yarrow_library name)
  cmake_parse_arguments(ARG "" "PRECOMPILED" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  if(ARG_SOURCES)
    add_library(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PUBLIC yarrow_warnings ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS})
    set_target_properties(${name} PROPERTIES AUTOMOC ON)
    yarrow_use_precompiled(${name} ${ARG_PRECOMPILED})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE yarrow_warnings ${ARG_LINKS})
  endif()
endfunction()

# What the sanitizers are run on.
add_custom_target(unit_tests)

# Some tests read Synthea's bundles, and skip where there are none.
set(YARROW_SAMPLE_DATA "$ENV{YARROW_SAMPLE_DATA}")
if(NOT YARROW_SAMPLE_DATA)
  set(YARROW_SAMPLE_DATA "${PROJECT_SOURCE_DIR}/../shared/data/synthea")
endif()

# Qt puts the build folder's name into every test; without it, object files are the same wherever they are built.
set_property(TARGET Qt6::Test PROPERTY INTERFACE_COMPILE_DEFINITIONS QT_TESTLIB_LIB)

# yarrow_tests(LABEL DIR LINKS … PRECOMPILED …): every tst_*.cpp of DIR becomes a Qt Test program and a CTest entry.
# Unit tests run under two time zones and two locales, because dates and texts differ there. Properties draw the
# same cases in each run; a program run by hand draws new ones. A LAUNCHER is a program that runs the test.
function(yarrow_tests label dir)
  cmake_parse_arguments(ARG "" "LAUNCHER;PRECOMPILED" "LINKS" ${ARGN})
  if(NOT ARG_PRECOMPILED)
    set(ARG_PRECOMPILED tests)
  endif()
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${dir}/tst_*.cpp")
  foreach(source IN LISTS sources)
    get_filename_component(name "${source}" NAME_WE)
    add_executable(${name} "${source}")
    set_target_properties(${name} PROPERTIES AUTOMOC ON)
    target_link_libraries(${name} PRIVATE yarrow_warnings ${ARG_LINKS} Qt6::Test)
    yarrow_use_precompiled(${name} ${ARG_PRECOMPILED})
    # Nearly always empty, so reading the precompiled header would be most of the work.
    set_source_files_properties("${CMAKE_CURRENT_BINARY_DIR}/${name}_autogen/mocs_compilation.cpp"
      PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
    # Line tables are nine tenths of a test program, and the builds that look for faults keep theirs.
    target_link_options(${name} PRIVATE $<$<CONFIG:RelWithDebInfo>:LINKER:--strip-debug>)
    add_test(NAME ${name} COMMAND ${ARG_LAUNCHER} $<TARGET_FILE:${name}>)
    set_tests_properties(${name} PROPERTIES LABELS ${label}
      ENVIRONMENT "QT_QPA_PLATFORM=offscreen;TZ=Europe/Rome;LC_ALL=C.UTF-8;RC_PARAMS=seed=20260114;YARROW_SAMPLE_DATA=${YARROW_SAMPLE_DATA}")
    if(label STREQUAL "unit")
      add_dependencies(unit_tests ${name})
      add_test(NAME ${name}.elsewhere COMMAND ${name})
      set_tests_properties(${name}.elsewhere PROPERTIES LABELS "unit;elsewhere"
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;TZ=America/St_Johns;LC_ALL=de_DE.UTF-8;LANG=de_DE.UTF-8;RC_PARAMS=seed=20260115;YARROW_SAMPLE_DATA=${YARROW_SAMPLE_DATA}")
    endif()
  endforeach()
endfunction()

# yarrow_fuzzer(NAME LINKS …): fuzz/NAME.cpp becomes a libFuzzer program, a part of the target `fuzzers`. Its corpus
# is fuzz/corpus/NAME without `fuzz_`. Nothing without YARROW_FUZZ.
function(yarrow_fuzzer name)
  if(NOT YARROW_FUZZ)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
  add_executable(${name} "fuzz/${name}.cpp")
  target_link_libraries(${name} PRIVATE yarrow_warnings ${ARG_LINKS})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  if(NOT TARGET fuzzers)
    add_custom_target(fuzzers)
  endif()
  add_dependencies(fuzzers ${name})
endfunction()

# yarrow_bench(NAME LINKS …): bench/NAME.cpp becomes a google-benchmark program. Nothing without YARROW_BENCH.
function(yarrow_bench name)
  if(NOT YARROW_BENCH)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
  find_package(benchmark REQUIRED)
  add_executable(${name} "bench/${name}.cpp")
  target_link_libraries(${name} PRIVATE yarrow_warnings ${ARG_LINKS} benchmark::benchmark)
endfunction()
