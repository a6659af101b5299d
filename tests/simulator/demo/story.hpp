// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulator/demo/terminal.hpp"

namespace fulfilld::demo {

/// What is known of one execution so far.
struct Life {
  std::string ending;       ///< `complete`, or the reason of the failure; empty while it runs
  std::uint32_t calls = 0;  ///< of the backend
  std::uint32_t posts = 0;  ///< of the result
  bool delivered = false;
  std::int64_t total_ms = 0;  ///< from accept to delivery
};

/// Reads fulfilld's log and tells each execution's life, line by line, as it happens. Any thread.
class Story {
 public:
  explicit Story(Terminal& terminal) : terminal_(terminal) {}

  /// Time is told from now on.
  void begin();

  /// Tells a line of the log, or nothing if it is of no interest.
  void hear(const std::string& log_line);

  /// Tells something that is not in the log.
  void tell(const std::string& execution, std::string_view what);

  /// True once all of them have been delivered; false if that has not come within `limit`.
  [[nodiscard]] bool delivered(const std::vector<std::string>& executions, std::chrono::milliseconds limit);

  [[nodiscard]] Life life(const std::string& execution) const;

 private:
  using Json = nlohmann::json;

  /// The words for an event, or nothing; notes it in `life`.
  [[nodiscard]] std::string words(const Json& line, Life& life) const;
  [[nodiscard]] std::string attempt_words(const Json& line) const;

  Terminal& terminal_;
  mutable std::mutex mutex_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::condition_variable heard_;
  std::map<std::string, Life> lives_;
  std::map<std::string, std::size_t> order_of_appearance_;  ///< gives each execution its colour
};

}  // namespace fulfilld::demo
