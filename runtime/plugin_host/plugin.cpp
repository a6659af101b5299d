// SPDX-License-Identifier: Apache-2.0
#include "runtime/plugin_host/plugin.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <boost/dll/shared_library.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <fstream>
#include <ios>
#include <utility>
#include <vector>

#include "runtime/plugin_host/descriptor_check.hpp"
#include "runtime/plugin_host/elf_file.hpp"

namespace fulfilld {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDescriptor = "fulfill_adapter_v1";
constexpr std::int64_t kLargestFile = std::int64_t{1} << 30;

class DllPlugin final : public Plugin {
 public:
  DllPlugin(boost::dll::shared_library library, fs::path path, InspectedPlugin inspected)
      : library_(std::move(library)) {
    functions_ = &library_.get<const fulfill_descriptor_v1>(kDescriptor);
    path_ = std::move(path);
    stamp_ = inspected.stamp;
    name_ = std::move(inspected.name);
    version_ = std::move(inspected.version);
    sdk_version_ = std::move(inspected.sdk_version);
    compiler_ = std::move(inspected.compiler);
  }

 private:
  boost::dll::shared_library library_;
};

std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return text;
}

std::string problem_of_file(const fs::path& path, FileStamp& stamp) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return "cannot be found";
  if (!S_ISREG(status.st_mode)) return "is not a regular file";
  if ((status.st_mode & S_IWOTH) != 0) return "may be written by everyone, so its code cannot be trusted (chmod o-w)";
  if (status.st_size > kLargestFile) return "is too large to be an adapter";
  stamp = {.device = status.st_dev,
           .inode = status.st_ino,
           .size = static_cast<std::uint64_t>(status.st_size),
           .modified = std::chrono::seconds(status.st_mtim.tv_sec) + std::chrono::nanoseconds(status.st_mtim.tv_nsec)};
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

InspectedPlugin inspect_plugin(const fs::path& path) {
  InspectedPlugin inspected;
  inspected.problem = problem_of_file(path, inspected.stamp);
  if (!inspected.problem.empty()) return inspected;
  const auto with_problem = [&inspected](std::string problem) {
    inspected.problem = std::move(problem);
    return inspected;
  };
  std::vector<std::byte> bytes;
  if (!read(path, bytes)) return with_problem("cannot be read");
  auto symbol = find_exported(bytes, kDescriptor);
  if (!symbol.problem.empty()) return with_problem(std::move(symbol.problem));
  if (symbol.bytes.empty())
    return with_problem(std::string("is no adapter (it does not export ") + kDescriptor + "; see FULFILL_ADAPTER)");
  auto checked = check_descriptor(symbol.bytes);
  inspected.name = std::move(checked.name);
  inspected.version = std::move(checked.version);
  inspected.sdk_version = std::move(checked.sdk_version);
  inspected.compiler = std::move(checked.compiler);
  return with_problem(std::move(checked.problem));
}

LoadedPlugin load_plugin(const fs::path& path) {
  auto inspected = inspect_plugin(path);
  if (!inspected.problem.empty()) return {nullptr, std::move(inspected.problem)};
  try {
    namespace dll = boost::dll;
    dll::shared_library library(fs::absolute(path), dll::load_mode::rtld_now | dll::load_mode::rtld_local);
    return {std::make_shared<DllPlugin>(std::move(library), path, std::move(inspected)), {}};
  } catch (const std::exception& exception) {
    return {nullptr, one_line(std::string("cannot be loaded: ") + exception.what())};
  }
}

}  // namespace fulfilld
