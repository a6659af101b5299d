# SPDX-License-Identifier: Apache-2.0
# What an adapter compiles into itself: include(../mapping/sources.cmake), then ${mapping_sources}.
set(mapping_sources
  answer_picker.cpp error_words.cpp header_templates.cpp json_answer.cpp json_template.cpp pointer.cpp reference.cpp
  section.cpp text_template.cpp url_template.cpp value_type.cpp values.cpp)
list(TRANSFORM mapping_sources PREPEND ${CMAKE_CURRENT_LIST_DIR}/)
