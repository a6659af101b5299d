# SPDX-License-Identifier: Apache-2.0
include_guard(GLOBAL)
include(GNUInstallDirs)
set(FULFILLD_ADAPTER_MAP ${CMAKE_CURRENT_LIST_DIR}/adapter.map CACHE INTERNAL "Linker script of every adapter")

# fulfilld_add_adapter(NAME SOURCES file... [TESTS file...] [LINK target...] [NO_INSTALL])
#
# Builds the plugin NAME.so, and installs it where fulfilld looks for adapters, unless NO_INSTALL. It is written to
# FULFILLD_ADAPTER_DIRECTORY, or to the current binary directory if that is not set. TESTS: a GoogleTest program
# NAME_tests of these files and the adapter's own, run by ctest.
function(fulfilld_add_adapter name)
  cmake_parse_arguments(arg "NO_INSTALL" "" "SOURCES;TESTS;LINK" ${ARGN})
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
    install(TARGETS ${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/fulfilld/adapters COMPONENT adapters)
  endif()

  if(arg_TESTS)
    find_package(GTest REQUIRED)
    include(GoogleTest)
    enable_testing()
    add_executable(${name}_tests ${arg_SOURCES} ${arg_TESTS})
    target_link_libraries(${name}_tests PRIVATE fulfilld::sdk ${arg_LINK} GTest::gtest_main)
    gtest_discover_tests(${name}_tests)
  endif()
endfunction()
