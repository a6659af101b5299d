// SPDX-License-Identifier: Apache-2.0
#include "runtime/plugin_host/plugin.hpp"

#include <algorithm>
#include <boost/dll/shared_library.hpp>
#include <cstddef>
#include <exception>
#include <fstream>
#include <ios>
#include <system_error>
#include <utility>
#include <vector>

#include "runtime/plugin_host/descriptor_check.hpp"
#include "runtime/plugin_host/elf_file.hpp"

namespace fulfilld {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDescriptor = "fulfill_adapter_v1";
constexpr std::uintmax_t kLargestFile = std::uintmax_t{1} << 30;

class DllPlugin final : public Plugin {
 public:
  DllPlugin(boost::dll::shared_library library, fs::path path, CheckedDescriptor checked)
      : library_(std::move(library)) {
    functions_ = &library_.get<const fulfill_descriptor_v1>(kDescriptor);
    path_ = std::move(path);
    name_ = std::move(checked.name);
    version_ = std::move(checked.version);
    sdk_version_ = std::move(checked.sdk_version);
    compiler_ = std::move(checked.compiler);
  }

 private:
  boost::dll::shared_library library_;
};

std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return text;
}

std::string problem_of_file(const fs::path& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (error || !fs::exists(status)) return "cannot be found";
  if (!fs::is_regular_file(status)) return "is not a regular file";
  if ((status.permissions() & fs::perms::others_write) != fs::perms::none)
    return "may be written by everyone, so its code cannot be trusted (chmod o-w)";
  if (fs::file_size(path, error) > kLargestFile || error) return "is too large to be an adapter";
  return {};
}

bool read(const fs::path& path, std::vector<std::byte>& bytes) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return false;
  bytes.resize(static_cast<std::size_t>(file.tellg()));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return static_cast<bool>(file);
}

}  // namespace

LoadedPlugin load_plugin(const fs::path& path) {
  if (auto problem = problem_of_file(path); !problem.empty()) return {nullptr, std::move(problem)};
  std::vector<std::byte> bytes;
  if (!read(path, bytes)) return {nullptr, "cannot be read"};
  auto symbol = find_exported(bytes, kDescriptor);
  if (!symbol.problem.empty()) return {nullptr, std::move(symbol.problem)};
  if (symbol.bytes.empty())
    return {nullptr, std::string("is no adapter (it does not export ") + kDescriptor + "; see FULFILL_ADAPTER)"};
  auto checked = check_descriptor(symbol.bytes);
  if (!checked.problem.empty()) return {nullptr, std::move(checked.problem)};

  try {
    namespace dll = boost::dll;
    dll::shared_library library(fs::absolute(path), dll::load_mode::rtld_now | dll::load_mode::rtld_local);
    return {std::make_shared<DllPlugin>(std::move(library), path, std::move(checked)), {}};
  } catch (const std::exception& exception) {
    return {nullptr, one_line(std::string("cannot be loaded: ") + exception.what())};
  }
}

}  // namespace fulfilld
