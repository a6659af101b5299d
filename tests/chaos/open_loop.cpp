// SPDX-License-Identifier: Apache-2.0
#include "tests/chaos/open_loop.hpp"

#include <atomic>
#include <cstddef>
#include <thread>

#include "tests/chaos/persistent_connection.hpp"

namespace fulfilld::chaos {
namespace {

using Clock = std::chrono::steady_clock;

std::vector<Dispatch> send_all(std::uint16_t port, const std::vector<Order>& orders, Clock::duration apart,
                               int connections) {
  std::vector<Dispatch> dispatches(orders.size());
  std::atomic<std::size_t> next{0};
  const auto begin = Clock::now();
  std::vector<std::jthread> clients;
  for (int client = 0; client < connections; ++client)
    clients.emplace_back([&] {
      PersistentConnection connection;
      for (auto i = next++; i < orders.size(); i = next++) {
        const auto& order = orders[i];
        auto& dispatch = dispatches[i];
        dispatch = {.id = order.id, .action = order.action, .due = begin + apart * i, .sent = {}, .answered = {}};
        std::this_thread::sleep_until(dispatch.due);
        dispatch.sent = Clock::now();
        const auto result = connection.post(port, "/execute/" + order.action, order.body);
        dispatch.answered = Clock::now();
        if (result.end == Try::End::answered) dispatch.status = result.reply.status;
      }
    });
  clients.clear();
  return dispatches;
}

}  // namespace

std::vector<Dispatch> send_at_rate(std::uint16_t port, const std::vector<Order>& orders, double per_second,
                                   int connections) {
  const std::chrono::duration<double> apart(1 / per_second);
  return send_all(port, orders, std::chrono::duration_cast<Clock::duration>(apart), connections);
}

std::vector<Dispatch> send_at_once(std::uint16_t port, const std::vector<Order>& orders, int connections) {
  return send_all(port, orders, Clock::duration::zero(), connections);
}

}  // namespace fulfilld::chaos
