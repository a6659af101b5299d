# SPDX-License-Identifier: Apache-2.0
include_guard(GLOBAL)
set(FULFILLD_ADAPTER_MAP ${CMAKE_CURRENT_LIST_DIR}/adapter.map CACHE INTERNAL "Linker script of every adapter")

# fulfilld_add_adapter(NAME SOURCES file... [TESTS file...] [LINK target...] [NO_INSTALL])
#
# Builds the plugin NAME.so, and installs it where fulfilld looks for adapters, unless NO_INSTALL. It is written to
# FULFILLD_ADAPTER_DIRECTORY, or to the current binary directory if that is not set. TESTS: a GoogleTest program
# NAME_tests of these files and the adapter's own, run by ctest; left out if BUILD_TESTING is set and off.
macro(fulfilld_add_adapter name)
  enable_testing()  # here, not in a function: it would have no effect outside of that
  fulfilld_add_adapter_targets(${name} ${ARGN})
endmacro()

function(fulfilld_add_adapter_targets name)
  cmake_parse_arguments(arg "NO_INSTALL" "" "SOURCES;TESTS;LINK" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "fulfilld_add_adapter(${name}): what is meant by ${arg_UNPARSED_ARGUMENTS}? "
                        "It takes SOURCES, TESTS, LINK and NO_INSTALL")
  endif()
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "fulfilld_add_adapter(${name}): SOURCES are missing")
  endif()
  set(directory ${CMAKE_CURRENT_BINARY_DIR})
  if(FULFILLD_ADAPTER_DIRECTORY)
    set(directory ${FULFILLD_ADAPTER_DIRECTORY})
  endif()

  add_library(${name} MODULE ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE fulfilld::sdk ${arg_LINK})
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX .so LIBRARY_OUTPUT_DIRECTORY ${directory}
    POSITION_INDEPENDENT_CODE ON CXX_EXTENSIONS OFF
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  # Unique symbols would keep an old build of the adapter in the process for ever.
  target_compile_options(${name} PRIVATE -Wall -Wextra $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  target_link_options(${name} PRIVATE -Wl,-z,defs -Wl,-z,relro -Wl,-z,now
                      -Wl,--version-script=${FULFILLD_ADAPTER_MAP})
  set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS ${FULFILLD_ADAPTER_MAP})
  if(NOT arg_NO_INSTALL)
    install(TARGETS ${name} LIBRARY DESTINATION lib/fulfilld/adapters COMPONENT adapters)
  endif()

  if(NOT arg_TESTS OR (DEFINED BUILD_TESTING AND NOT BUILD_TESTING))
    return()
  endif()
  find_package(GTest QUIET)
  if(NOT TARGET GTest::gtest_main)
    message(FATAL_ERROR "fulfilld_add_adapter(${name}): TESTS need GoogleTest, which was not found. Install it "
                        "(Debian: libgtest-dev), or leave the tests out with -DBUILD_TESTING=OFF")
  endif()
  include(GoogleTest)
  add_executable(${name}_tests ${arg_SOURCES} ${arg_TESTS})
  target_link_libraries(${name}_tests PRIVATE fulfilld::sdk ${arg_LINK} GTest::gtest_main)
  set_target_properties(${name}_tests PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_options(${name}_tests PRIVATE -Wall -Wextra)
  gtest_discover_tests(${name}_tests DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 60)
endfunction()
