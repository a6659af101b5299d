# SPDX-License-Identifier: Apache-2.0
# cmake -DOUTPUT=FILE -DDIRECTORY=DIR -P: writes the files of the project template as C++ text. The licence line stays
# behind: what `new` writes is its author's.
file(GLOB files RELATIVE ${DIRECTORY} ${DIRECTORY}/*.in)
list(SORT files)
set(code "// Made from runtime/adapter_tool/template.\n#include \"runtime/adapter_tool/project_template.hpp\"\n\n")
string(APPEND code "namespace fulfilld {\n\nconst std::vector<TemplateFile>& project_template() {\n")
string(APPEND code "  static const std::vector<TemplateFile> kFiles = {\n")
foreach(file IN LISTS files)
  file(READ ${DIRECTORY}/${file} text)
  string(REGEX REPLACE "^[^\n]*SPDX-License-Identifier[^\n]*\n" "" text "${text}")
  string(REGEX REPLACE "\\.in$" "" name "${file}")
  string(APPEND code "      {\"${name}\", R\"fulfilld(${text})fulfilld\"},\n")
endforeach()
string(APPEND code "  };\n  return kFiles;\n}\n\n}  // namespace fulfilld\n")
file(WRITE ${OUTPUT} "${code}")
