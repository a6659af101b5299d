// SPDX-License-Identifier: Apache-2.0
#include "runtime/adapter_tool/check.hpp"

#include <fulfill/abi.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iomanip>
#include <iostream>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include "runtime/adapter_tool/exit_status.hpp"
#include "runtime/adapter_tool/file_bytes.hpp"
#include "runtime/plugin_host/elf_file.hpp"
#include "runtime/plugin_host/plugin.hpp"

namespace fulfilld {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDescriptor = "fulfill_adapter_v1";
constexpr std::size_t kNamedAtMost = 3;

/// The host functions in the order of the table, each with the size from which on the table has it.
constexpr std::array<std::pair<std::string_view, std::size_t>, 8> kHostFunctions = {
    {{"http", offsetof(fulfill_host_v1, sleep)},
     {"sleep", offsetof(fulfill_host_v1, progress)},
     {"progress", offsetof(fulfill_host_v1, log)},
     {"log", offsetof(fulfill_host_v1, secret)},
     {"secret", offsetof(fulfill_host_v1, complete)},
     {"complete", offsetof(fulfill_host_v1, fail)},
     {"fail", offsetof(fulfill_host_v1, blocking)},
     {"blocking", sizeof(fulfill_host_v1)}}};

std::string mode_text(fs::perms permissions) {
  constexpr std::string_view letters = "rwxrwxrwx";
  std::string text;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const bool set = (static_cast<unsigned>(permissions) & (0400U >> i)) != 0;
    text += set ? letters[i] : '-';
  }
  return text;
}

void read_mode(const fs::path& path, CheckedFile& checked) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (error || !fs::is_regular_file(status)) return;
  checked.mode = mode_text(status.permissions());
  checked.size = fs::file_size(path, error);
}

/// What `inspect_plugin` has no interest in.
void read_descriptor(std::span<const std::byte> file, CheckedFile& checked) {
  const auto bytes = find_exported(file, kDescriptor).bytes;
  fulfill_descriptor_v1 descriptor{};
  if (bytes.empty()) return;
  std::memcpy(&descriptor, bytes.data(), std::min(bytes.size(), sizeof descriptor));
  if (descriptor.magic != FULFILL_MAGIC) return;
  checked.has_descriptor = true;
  checked.abi_version = descriptor.abi_version;
  for (const auto& [name, size] : kHostFunctions)
    if (size <= descriptor.host_size) checked.host_functions.emplace_back(name);
}

/// "a, b, c and 4 more"
template <typename Texts>
std::string a_few(const Texts& texts) {
  std::string text;
  std::size_t count = 0;
  for (const auto& one : texts)
    if (count++ < kNamedAtMost) text.append(text.empty() ? "" : ", ").append(one);
  if (count > kNamedAtMost) text += " and " + std::to_string(count - kNamedAtMost) + " more";
  return text;
}

void check_symbols(CheckedFile& checked) {
  const auto& library = checked.library;
  if (!library.unique.empty())
    checked.problems.push_back("could never be unloaded: it has unique symbols (" + a_few(library.unique) +
                               "); compile with -fno-gnu-unique, or by fulfilld_add_adapter");
  std::vector<std::string> others;
  for (const auto& symbol : library.exported)
    if (symbol != kDescriptor && !library.unique.contains(symbol)) others.push_back(symbol);
  if (!others.empty())
    checked.problems.push_back("exports more than its descriptor (" + a_few(others) +
                               "); link with the SDK's adapter.map, or by fulfilld_add_adapter");
}

void check_needs(CheckedFile& checked) {
  std::vector<std::string> missing;
  for (const auto& [name, path] : checked.needs.libraries)
    if (path.empty()) missing.push_back(name);
  if (!missing.empty()) checked.problems.push_back("needs libraries that cannot be found here: " + a_few(missing));
  if (!checked.needs.missing_versions.empty())
    checked.problems.push_back("was built with newer libraries than this machine has: it needs " +
                               a_few(checked.needs.missing_versions));
  if (!checked.needs.missing_symbols.empty())
    checked.problems.push_back("needs symbols that none of its libraries has: " + a_few(checked.needs.missing_symbols));
}

void print_row(const char* what, std::string value) {
  // The file may hold anything, the terminal's own commands included.
  std::replace_if(
      value.begin(), value.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '?');
  if (!value.empty()) std::cout << "  " << std::left << std::setw(10) << what << value << '\n';
}

std::string joined(const std::vector<std::string>& texts) {
  std::string text;
  for (const auto& one : texts) text.append(text.empty() ? "" : " ").append(one);
  return text;
}

void print(const CheckedFile& checked) {
  if (checked.has_descriptor) {
    print_row("adapter", checked.name + " " + checked.version);
    print_row("SDK", checked.sdk_version);
    print_row("ABI", std::to_string(checked.abi_version) + " (this fulfilld speaks " +
                         std::to_string(FULFILL_ABI_VERSION) + ")");
    print_row("compiler", checked.compiler);
    print_row("host", joined(checked.host_functions));
  }
  print_row("machine", checked.library.machine);
  print_row("file", checked.mode.empty() ? "" : checked.mode + ", " + std::to_string(checked.size) + " bytes");
  const auto& exported = checked.library.exported;
  print_row("exports", exported.empty() ? "" : a_few(exported));
  const char* label = "libraries";
  for (const auto& [name, path] : checked.needs.libraries)
    print_row(std::exchange(label, ""), name + (path.empty() ? "  not found" : "  " + path.string()));
}

}  // namespace

CheckedFile check_file(const fs::path& path) {
  CheckedFile checked;
  read_mode(path, checked);
  auto inspected = inspect_plugin(path);
  checked.name = std::move(inspected.name);
  checked.version = std::move(inspected.version);
  checked.sdk_version = std::move(inspected.sdk_version);
  checked.compiler = std::move(inspected.compiler);
  const auto bytes = checked.mode.empty() ? std::nullopt : file_bytes(path);
  if (bytes) {
    checked.library = read_library(*bytes);
    read_descriptor(*bytes, checked);
  }
  if (!inspected.problem.empty()) {
    checked.problems.push_back(std::move(inspected.problem));
    return checked;
  }
  checked.needs = find_needs(checked.library, path);
  check_symbols(checked);
  check_needs(checked);
  return checked;
}

int check_command(const fs::path& path) {
  const auto checked = check_file(path);
  std::cout << path.string() << '\n';
  print(checked);
  for (const auto& problem : checked.problems) std::cout << "refused: " << path.string() << ' ' << problem << '\n';
  if (!checked.problems.empty()) return adapter_tool_status::failed;
  std::cout << "good: fulfilld takes it\n";
  return adapter_tool_status::good;
}

}  // namespace fulfilld
