// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

#include "actors/execution.hpp"
#include "actors/ports/journal.hpp"

namespace fulfilld::journal {

/// One call of `accept`, from the thread that waits to the writer and back. Shared by both: a thread that gave up
/// leaves its ticket behind. Waits on a futex of its own, as one lock for all waiters costs more than the commit.
class AcceptTicket {
 public:
  explicit AcceptTicket(std::shared_ptr<Execution> execution) noexcept : execution_(std::move(execution)) {}

  /// Waiting thread: false if there was no answer in time.
  [[nodiscard]] bool wait_for(std::chrono::milliseconds limit) noexcept;

  /// Waiting thread, after `wait_for` returned true.
  [[nodiscard]] AcceptAnswer take_answer() noexcept { return std::move(answer_); }

  /// Either the writer takes the ticket or the thread that waits gives it up: whoever comes first.
  [[nodiscard]] bool claim() noexcept { return !claimed_.exchange(true, std::memory_order_acq_rel); }

  /// Writer, once.
  void answer(AcceptAnswer answer) noexcept;

  /// Writer, or before the ticket was queued.
  [[nodiscard]] const std::shared_ptr<Execution>& execution() const noexcept { return execution_; }

 private:
  std::shared_ptr<Execution> execution_;
  AcceptAnswer answer_;
  std::atomic<std::uint32_t> state_{0};
  std::atomic<bool> claimed_{false};
};
using AcceptTicketPtr = std::shared_ptr<AcceptTicket>;

}  // namespace fulfilld::journal
