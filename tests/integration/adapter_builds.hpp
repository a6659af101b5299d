// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

namespace fulfilld::integration {

/// A directory of adapters into which builds of the adapter `swapped` are put, as its team would.
class AdapterBuilds {
 public:
  explicit AdapterBuilds(std::filesystem::path directory) : directory_(std::move(directory)) {
    std::filesystem::create_directories(directory_);
  }

  /// Puts build 1 or 2 there under that file name, whole at once; it is the youngest then.
  std::filesystem::path put(int build, const std::string& name) {
    const auto from = std::filesystem::path(FULFILLD_TEST_BUILDS) / ("swapped_" + std::to_string(build) + ".so");
    const auto to = directory_ / name;
    const auto unfinished = directory_ / (name + ".unfinished");
    std::filesystem::copy_file(from, unfinished, std::filesystem::copy_options::overwrite_existing);
    youngest_ += std::chrono::milliseconds(10);
    std::filesystem::last_write_time(unfinished, youngest_);
    std::filesystem::rename(unfinished, to);
    return to;
  }

  [[nodiscard]] const std::filesystem::path& directory() const noexcept { return directory_; }

 private:
  const std::filesystem::path directory_;
  std::filesystem::file_time_type youngest_ = std::filesystem::file_time_type::clock::now();
};

}  // namespace fulfilld::integration
