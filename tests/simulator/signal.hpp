// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>  // boost/asio/awaitable.hpp of 1.74 uses std::exchange without it

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <set>

namespace fulfilld::simulator {

namespace asio = boost::asio;
using boost::system::error_code;

/// Ends waits of many timers at once. One thread.
class Signal {
 public:
  /// While it lives, `raise` cancels the timer.
  class Listener {
   public:
    Listener(Signal& signal, asio::steady_timer& timer) : signal_(signal), timer_(timer) {
      signal_.timers_.insert(&timer_);
    }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    ~Listener() { signal_.timers_.erase(&timer_); }

   private:
    Signal& signal_;
    asio::steady_timer& timer_;
  };

  void raise() {
    for (auto* timer : timers_) timer->cancel();
  }

 private:
  std::set<asio::steady_timer*> timers_;
};

}  // namespace fulfilld::simulator
