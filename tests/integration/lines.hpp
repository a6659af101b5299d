// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "tests/integration/process.hpp"

namespace fulfilld::integration {

/// Lines that a process wrote, to be waited for; the newest 200,000 of them. Any thread.
class Lines {
 public:
  void add(std::string line);

  /// No more will come: nobody has to wait any longer.
  void end();

  /// The first line, old or new, that `wanted` accepts; empty if none has come within `limit`, or none can come.
  [[nodiscard]] std::optional<std::string> wait_for(const std::function<bool(const std::string&)>& wanted,
                                                    std::chrono::milliseconds limit = patience) const;

  /// All so far, each with its line end.
  [[nodiscard]] std::string text() const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable added_;
  std::deque<std::string> lines_;
  std::size_t dropped_ = 0;  ///< before `lines_`
  bool ended_ = false;
};

}  // namespace fulfilld::integration
