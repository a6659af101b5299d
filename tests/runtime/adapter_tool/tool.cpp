// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/adapter_tool/tool.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <iterator>

#include "tests/integration/process.hpp"

namespace fulfilld::testing {

Told tool(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& environment) {
  Told told;
  integration::Process process(
      {.program = ADAPTER_TOOL, .arguments = arguments, .environment = environment, .directory = {}},
      [&told](const std::string& line) { told.text += line + '\n'; }, [] {});
  const auto exit = process.wait(std::chrono::seconds(90));
  if (!exit) {
    ADD_FAILURE() << "it does not end";
    process.kill();
    return told;
  }
  EXPECT_EQ(exit->signal, 0);
  told.status = exit->status;
  return told;
}

std::string ToolFiles::write(const std::string& name, const std::string& text) const {
  const auto file = path() / name;
  std::ofstream(file, std::ios::binary) << text;
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  return file.string();
}

std::string ToolFiles::copy(const std::filesystem::path& file, const std::string& name) const {
  return write(name, bytes_of(file));
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace fulfilld::testing
