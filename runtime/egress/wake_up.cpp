// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/wake_up.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <utility>

namespace fulfilld {

using Timer =
    boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                      boost::asio::io_context::executor_type>;

struct WakeUp::State {
  State(boost::asio::io_context& context, std::function<void()> function)
      : timer(context), on_wake(std::move(function)) {}

  Timer timer;
  MonotonicTime set_for = MonotonicTime::max();
  const std::function<void()> on_wake;
  bool cancelled = false;
};

WakeUp::WakeUp(boost::asio::io_context& context, std::function<void()> on_wake)
    : state_(std::make_shared<State>(context, std::move(on_wake))) {}

WakeUp::~WakeUp() { cancel(); }

void WakeUp::at(MonotonicTime when) {
  if (state_->cancelled || when >= state_->set_for) return;
  state_->set_for = when;
  state_->timer.expires_at(when);
  state_->timer.async_wait([state = state_](const boost::system::error_code& aborted) {
    if (aborted || state->cancelled) return;
    state->set_for = MonotonicTime::max();
    state->on_wake();
  });
}

void WakeUp::cancel() noexcept {
  state_->cancelled = true;
  boost::system::error_code ignored;
  state_->timer.cancel(ignored);
}

}  // namespace fulfilld
