// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <unordered_set>

namespace fulfilld {

/// Remembers which names took long when they were last looked up. Pure; not synchronised.
class SlowNames {
 public:
  static constexpr std::size_t max_names = 1024;

  explicit SlowNames(std::chrono::milliseconds slow_after) : slow_after_(slow_after) {}

  void looked_up(const std::string& host, std::chrono::nanoseconds lasted) {
    if (lasted < slow_after_) {
      names_.erase(host);
      return;
    }
    // Names may be made up from what comes in: those of before are found slow again, at the cost of one thread each.
    if (names_.size() >= max_names) names_.clear();
    names_.insert(host);
  }

  [[nodiscard]] bool contains(const std::string& host) const { return names_.contains(host); }

 private:
  std::chrono::milliseconds slow_after_;
  std::unordered_set<std::string> names_;
};

}  // namespace fulfilld
