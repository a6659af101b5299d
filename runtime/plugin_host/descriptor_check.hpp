// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace fulfilld {

/// What a descriptor's bytes say, and whether this host can work with it.
struct CheckedDescriptor {
  std::string problem;  ///< why not, a predicate such as "was built for ..."; empty: it can
  std::string name;
  std::string version;
  std::string sdk_version;
  std::string compiler;
};

/// Judges a `fulfill_descriptor_v1` by its bytes as they lie in the file; its function pointers are not looked at.
[[nodiscard]] CheckedDescriptor check_descriptor(std::span<const std::byte> bytes);

}  // namespace fulfilld
