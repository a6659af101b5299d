// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <string>
#include <utility>

namespace fulfilld {

/// Why the calls of one credential still wait for its token: written by the RATE LIMITER, read by those whose time is
/// up meanwhile. Any thread.
class TokenWait {
 public:
  explicit TokenWait(std::string why) : why_(std::move(why)) {}

  void because(std::string why) {
    const std::lock_guard lock(mutex_);
    why_ = std::move(why);
  }

  [[nodiscard]] std::string why() const {
    const std::lock_guard lock(mutex_);
    return why_;
  }

 private:
  mutable std::mutex mutex_;
  std::string why_;
};

}  // namespace fulfilld
