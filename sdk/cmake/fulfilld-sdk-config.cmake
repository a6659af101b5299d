# SPDX-License-Identifier: Apache-2.0
include(${CMAKE_CURRENT_LIST_DIR}/fulfilld-sdk-targets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/FulfilldAddAdapter.cmake)
