// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <stop_token>

namespace postgresql {

using Time = std::chrono::steady_clock::time_point;

/// Thrown by what waits: it has become too late.
class TimeIsUp {};
/// Thrown by what waits: nobody waits for the result any more.
class Stopped {};

/// How one blocking function waits for a socket: never longer than up to a given time, and only until it is asked to
/// stop. The one that waits and the one that asks are different threads; otherwise used by one thread.
class Patience {
 public:
  explicit Patience(std::stop_token stop);
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;
  ~Patience();

  /// Returns once the socket is ready for one of `events` (POLLIN, POLLOUT), or has failed, which the next read tells.
  /// Throws TimeIsUp, Stopped.
  void wait(int socket, short events, Time until) const;

  [[nodiscard]] const std::stop_token& stop() const noexcept { return stop_; }

 private:
  class Wake {
   public:
    explicit Wake(int event) noexcept : event_(event) {}
    void operator()() const noexcept;

   private:
    int event_;
  };

  std::stop_token stop_;
  int event_;  ///< eventfd(2), readable once a stop was requested
  std::stop_callback<Wake> callback_;
};

}  // namespace postgresql
