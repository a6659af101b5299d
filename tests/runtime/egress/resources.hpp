// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <malloc.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace fulfilld::testing {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool memory_can_be_measured = false;  ///< AddressSanitizer keeps what was freed
#else
inline constexpr bool memory_can_be_measured = true;
#endif

/// What this process holds right now.
struct Resources {
  std::ptrdiff_t descriptors = entries_of("/proc/self/fd");
  std::ptrdiff_t threads = entries_of("/proc/self/task");
  double resident_mib = resident_without_what_is_free();

  /// The most memory that it has held since `forget_peak`.
  [[nodiscard]] static double peak_mib() { return status_mib("VmHWM:"); }
  static void forget_peak() { std::ofstream("/proc/self/clear_refs") << 5; }

 private:
  static std::ptrdiff_t entries_of(const char* directory) {
    const std::filesystem::directory_iterator all(directory);
    return std::distance(begin(all), end(all));
  }

  static double resident_without_what_is_free() {
    malloc_trim(0);
    return status_mib("VmRSS:");
  }

  static double status_mib(const std::string& name) {
    std::ifstream status("/proc/self/status");
    double kib = 0;
    for (std::string word; status >> word;)
      if (word == name) status >> kib;
    return kib / 1024;
  }
};

}  // namespace fulfilld::testing
