# SPDX-License-Identifier: Apache-2.0
# Makes of the present abi.h that of an SDK to come: all that version 1 allows to grow has grown.
file(READ ${PROJECT_SOURCE_DIR}/sdk/include/fulfill/abi.h abi)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/sdk/include/fulfill/abi.h)
foreach(struct request answer attempt work host settings start descriptor)
  set(end "\n} fulfill_${struct}_v1;")
  string(FIND "${abi}" "${end}" found)
  if(found EQUAL -1)
    message(FATAL_ERROR "abi.h has no struct fulfill_${struct}_v1")
  endif()
  string(REPLACE "${end}" "\n  uint64_t of_a_later_sdk[4];${end}" abi "${abi}")
endforeach()
string(REGEX REPLACE "(FULFILL_SDK_VERSION) \"[0-9.]+\"" "\\1 \"1.99.0\"" abi "${abi}")
file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/later/fulfill/abi.h CONTENT "${abi}")
