// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "connection.hpp"
#include "connection_target.hpp"
#include "patience.hpp"

namespace postgresql {

/// At most so many connections to one database, kept while they are well. Any thread. Outlives its leases.
class Pool {
 public:
  class Limits {
   public:
    /// SettingError. Settings `pool`, `connect_timeout`, `idle_timeout`.
    explicit Limits(const fulfill::Settings& settings);
    std::size_t connections;
    std::chrono::milliseconds connect;
    std::chrono::milliseconds idle;
  };

  Pool(ConnectionTarget target, const Limits& limits) : target_(std::move(target)), limits_(limits) {
    idle_.reserve(limits.connections);  // so that taking one back never fails
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// A connection for one thread at a time. Comes back to the pool by itself if it is idle and well, else it is closed.
  class Lease {
   public:
    Lease(Pool& pool, std::unique_ptr<Connection> connection, bool was_pooled) noexcept
        : pool_(&pool), connection_(std::move(connection)), was_pooled_(was_pooled) {}
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (connection_) pool_->take_back(std::move(connection_));
    }

    Connection* operator->() const noexcept { return connection_.get(); }
    Connection& operator*() const noexcept { return *connection_; }
    /// It has served before, so the server may have closed it without our knowing.
    [[nodiscard]] bool was_pooled() const noexcept { return was_pooled_; }

   private:
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
    bool was_pooled_;
  };

  /// The one that was used last, or a new one, or the first that comes back. Waits up to `until`; then
  /// Failed("queue_full"). A new one: what Connection throws, with the place; BackendBusy("backend_unreachable") after
  /// `connect_timeout`.
  [[nodiscard]] Lease take(const std::string& password, const Patience& patience, Time until);

  /// Closes those that nobody uses: one of them was broken, so all may be.
  void close_idle();

  [[nodiscard]] const ConnectionTarget& target() const noexcept { return target_; }
  /// How many there are, in use, idle, or on their way.
  [[nodiscard]] std::size_t open() const;

 private:
  struct Idle {
    std::unique_ptr<Connection> connection;
    Time since;
  };

  void take_back(std::unique_ptr<Connection> connection) noexcept;
  [[nodiscard]] std::unique_ptr<Connection> take_idle(std::vector<std::unique_ptr<Connection>>& discarded);
  [[nodiscard]] std::unique_ptr<Connection> connect(const std::string& password, const Patience& patience, Time until);
  void forget_one() noexcept;

  const ConnectionTarget target_;
  const std::string at_ = " (" + target_.place() + ")";
  const Limits limits_;
  mutable std::mutex mutex_;  ///< guards all below
  std::condition_variable_any changed_;
  std::vector<Idle> idle_;  ///< the one used last is at the end
  std::size_t open_ = 0;
};

}  // namespace postgresql
