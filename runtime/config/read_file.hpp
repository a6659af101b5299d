// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace fulfilld {

/// The text of a small file, or the sentence that says why it cannot be had.
struct FileText {
  std::string text;
  std::string problem;  ///< empty if there is a text
};

/// PEM files of certificates and keys are not larger.
inline constexpr std::size_t largest_certificate_file = 1 << 20;

/// Reads a whole file of at most `largest` bytes; pipes and devices are read as well (`/dev/stdin`, a systemd
/// credential). A byte order mark of UTF-8 at its start is passed over.
[[nodiscard]] FileText read_file(const std::filesystem::path& path, std::size_t largest);

}  // namespace fulfilld
