// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace fulfilld::chaos {

using TimePoint = std::chrono::steady_clock::time_point;

/// An execution that is to be sent.
struct Order {
  std::string id;
  std::string action;
  std::string body;
};

/// One that was sent.
struct Dispatch {
  std::string id;
  std::string action;
  TimePoint due;       ///< when the schedule had it
  TimePoint sent;      ///< when it really was
  TimePoint answered;  ///< when its answer was there
  int status = 0;      ///< 0: no answer

  [[nodiscard]] bool accepted() const noexcept { return status == 202; }
};

/// Sends the orders in turn, so many a second whatever becomes of those before (an open loop: a service that is slow is
/// not spared, and a wait for a connection counts as its delay). Returns when all are answered, in the orders' order.
[[nodiscard]] std::vector<Dispatch> send_at_rate(std::uint16_t port, const std::vector<Order>& orders,
                                                 double per_second, int connections = 16);

/// Sends them as fast as the connections go.
[[nodiscard]] std::vector<Dispatch> send_at_once(std::uint16_t port, const std::vector<Order>& orders,
                                                 int connections = 16);

}  // namespace fulfilld::chaos
