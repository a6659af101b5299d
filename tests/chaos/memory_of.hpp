// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <fstream>
#include <string>

namespace fulfilld::chaos {

/// What another process holds.
class MemoryOf {
 public:
  explicit MemoryOf(pid_t process) : directory_("/proc/" + std::to_string(process) + "/") {}

  [[nodiscard]] double resident_mib() const { return status_mib("VmRSS:"); }
  /// The most that it has held since `forget_peak`.
  [[nodiscard]] double peak_mib() const { return status_mib("VmHWM:"); }
  void forget_peak() const { std::ofstream(directory_ + "clear_refs") << 5; }

 private:
  [[nodiscard]] double status_mib(const std::string& name) const {
    std::ifstream status(directory_ + "status");
    double kib = 0;
    for (std::string word; status >> word;)
      if (word == name) status >> kib;
    return kib / 1024;
  }

  const std::string directory_;
};

}  // namespace fulfilld::chaos
