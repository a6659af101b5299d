// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace fulfilld::integration {

/// PEM files of a new certificate for 127.0.0.1, signed by itself, and of its key. Throws std::runtime_error.
struct Certificate {
  explicit Certificate(const std::filesystem::path& directory, const std::string& name = "simulator");

  std::filesystem::path certificate;
  std::filesystem::path key;
};

}  // namespace fulfilld::integration
