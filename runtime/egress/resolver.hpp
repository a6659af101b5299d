// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "runtime/egress/lookup_threads.hpp"
#include "runtime/egress/name_cache.hpp"

namespace fulfilld {

/// Names to addresses without ever blocking the loop: a cache, one lookup at a time for each name however many wait
/// for it, and a few threads. Waiting is bounded by those who wait. Loop thread only.
class Resolver {
 public:
  using Ticket = std::uint64_t;  ///< never 0
  using Waiter = std::function<void(const Resolution&)>;

  Resolver(boost::asio::io_context& context, LookUp look_up, LookUpLimits limits, NameCache cache);

  /// What is known already. Null: ask by `wait_for`. Valid until the next call.
  [[nodiscard]] const Resolution* known(const std::string& host, MonotonicTime now) const {
    return cache_.find(host, now);
  }

  /// Calls `waiter` once, later, unless the ticket is cancelled.
  [[nodiscard]] Ticket wait_for(const std::string& host, Waiter waiter);

  /// Frees the waiter. Of no effect if it has been called.
  void cancel(const std::string& host, Ticket ticket);

  /// Lets `address`, which answered, be tried first from now on.
  void prefer(const std::string& host, const boost::asio::ip::address& address) { cache_.prefer(host, address); }

 private:
  using Waiters = std::map<Ticket, Waiter>;
  void done(const std::string& host, Resolution resolution);

  NameCache cache_;
  std::unordered_map<std::string, Waiters> lookups_;  ///< under way, by host
  Ticket last_ticket_ = 0;
  std::shared_ptr<Resolver*> self_;  ///< its handlers hold it weakly
  boost::asio::io_context& context_;
  LookupThreads threads_;
};

}  // namespace fulfilld
