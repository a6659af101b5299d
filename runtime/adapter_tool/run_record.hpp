// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "runtime/adapter_tool/witness.hpp"

namespace fulfilld {

/// Remembers what one execution did. Any thread.
class RunRecord final : public Witness {
 public:
  /// How long the adapter's code had the thread, and at which point.
  struct Stay {
    std::chrono::microseconds duration{0};
    std::string where;
  };

  [[nodiscard]] std::vector<Suspension> suspensions() const;
  [[nodiscard]] Stay longest_stay() const;

  /// Where that text shows: "a log line", "progress", "the failure's message"; nothing if nowhere.
  [[nodiscard]] std::optional<std::string> place_of(const std::string& secret) const;

  /// An unsafe call that was sent although the same one had been sent before and may have been carried out; nothing if
  /// there is none.
  [[nodiscard]] std::optional<std::string> repeated_unsafe_call() const;

  /// True if the adapter itself is at fault, whatever the execution ended as.
  [[nodiscard]] bool adapter_is_at_fault() const;

  void suspended(const Suspension& suspension) override;
  void attempt_ended(const Attempt& attempt) override;
  void retry_planned(std::chrono::milliseconds) override {}
  void progressed(std::string_view json) override;
  void completed(std::string_view) override {}
  void failed(Reason reason, std::string_view message) override;
  void said(LogLevel, std::string_view text) override;
  void noted(LogLevel, std::string_view) override {}
  void stayed(std::string_view where, std::chrono::microseconds duration) override;

 private:
  mutable std::mutex mutex_;
  std::vector<Suspension> suspensions_;
  std::vector<Attempt> attempts_;
  std::vector<std::string> progress_;
  std::vector<std::string> log_;
  std::vector<std::string> failures_;
  bool at_fault_ = false;
  Stay longest_stay_;
};

}  // namespace fulfilld
