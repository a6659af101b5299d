// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/integration/scratch_directory.hpp"

namespace fulfilld::testing {

/// How the program ended, and all that it printed.
struct Told {
  int status = -1;
  std::string text;
};

/// Runs fulfilld-adapter to its end.
[[nodiscard]] Told tool(const std::vector<std::string>& arguments,
                        const std::map<std::string, std::string>& environment = {});

/// An action and answers for adapters that call https://crm.example, in files.
class ToolFiles {
 public:
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const;
  [[nodiscard]] std::string copy(const std::filesystem::path& file, const std::string& name) const;
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return directory_.path(); }

 private:
  integration::ScratchDirectory directory_{"fulfilld-adapter-tool"};
};

[[nodiscard]] std::string bytes_of(const std::filesystem::path& file);

}  // namespace fulfilld::testing
