// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace fulfilld {

/// A file of a new project: `NAME` in its name, `@NAME@` and `@CLASS@` in its text are to be replaced.
struct TemplateFile {
  std::string_view name;
  std::string_view text;
};

/// The files of `template/`, put into the program when it is built.
[[nodiscard]] const std::vector<TemplateFile>& project_template();

}  // namespace fulfilld
