// SPDX-License-Identifier: Apache-2.0
#include "runtime/adapter_tool/new_project.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fstream>
#include <iostream>
#include <string_view>
#include <system_error>

#include "runtime/adapter_tool/exit_status.hpp"
#include "runtime/adapter_tool/project_template.hpp"

namespace fulfilld {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestName = 63;  // the descriptor has no room for more

/// Targets that CMake has of its own.
constexpr std::array<std::string_view, 10> kReserved = {
    "all", "clean", "depend", "edit_cache", "help", "install", "package", "package_source", "rebuild_cache", "test"};

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string problem_of(const std::string& name) {
  const bool fits =
      !name.empty() && name.size() <= kLongestName && is_letter(name.front()) &&
      std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; });
  if (!fits)
    return "\"" + name +
           "\" cannot be the name of an adapter: it consists of a-z, 0-9, _ and -, begins with a letter "
           "and has at most " +
           std::to_string(kLongestName) + " characters";
  if (std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end())
    return "\"" + name + "\" cannot be the name of an adapter: CMake has a target of that name";
  return {};
}

/// `crm_lookup` becomes `CrmLookup`.
std::string class_name(std::string_view name) {
  std::string text;
  bool begins_word = true;
  for (const char c : name) {
    const bool separates = c == '_' || c == '-';
    if (!separates) text += begins_word && is_letter(c) ? static_cast<char>(c - 'a' + 'A') : c;
    begins_word = separates;
  }
  return text;
}

std::string replaced(std::string_view text, std::string_view what, std::string_view by) {
  std::string result;
  for (std::size_t begin = 0;;) {
    const auto found = text.find(what, begin);
    result += text.substr(begin, found - begin);
    if (found == std::string_view::npos) return result;
    result += by;
    begin = found + what.size();
  }
}

bool write(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  return static_cast<bool>(file);
}

}  // namespace

NewProject write_new_project(const NewOptions& options) {
  NewProject project;
  if (project.problem = problem_of(options.name); !project.problem.empty()) return project;
  project.directory = options.directory / options.name;
  std::error_code error;
  if (fs::exists(fs::symlink_status(project.directory, error))) {
    project.problem = project.directory.string() + " exists already: choose another name, or remove it";
    return project;
  }
  fs::create_directories(project.directory, error);
  if (error) {
    project.problem = project.directory.string() + " cannot be made: " + error.message();
    return project;
  }
  for (const auto& [name, text] : project_template()) {
    const std::string file = replaced(name, "NAME", options.name);
    const std::string with_name = replaced(text, "@NAME@", options.name);
    if (!write(project.directory / file, replaced(with_name, "@CLASS@", class_name(options.name)))) {
      project.problem = (project.directory / file).string() + " cannot be written";
      return project;
    }
    project.files.push_back(file);
  }
  return project;
}

int new_command(const NewOptions& options) {
  const auto project = write_new_project(options);
  if (!project.problem.empty()) {
    std::cerr << project.problem << '\n';
    return adapter_tool_status::usage;
  }
  std::cout << "Written to " << project.directory.string() << ":\n";
  for (const auto& file : project.files) std::cout << "  " << file << '\n';
  std::cout << "\nNext:\n"
            << "  cd " << project.directory.string() << '\n'
            << "  cmake -B build && cmake --build build && ctest --test-dir build\n"
            << "  fulfilld-adapter verify build/" << options.name
            << ".so --config action.toml --answers answers.json\n";
  return adapter_tool_status::good;
}

}  // namespace fulfilld
