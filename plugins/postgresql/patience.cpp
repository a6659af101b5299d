// SPDX-License-Identifier: Apache-2.0
#include "patience.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <fulfill/error.hpp>
#include <limits>
#include <utility>

namespace postgresql {
namespace {

int new_event() {
  const int event = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (event < 0) throw fulfill::BackendBusy("backend_unreachable", "this process has no file descriptor left");
  return event;
}

}  // namespace

Patience::Patience(std::stop_token stop)
    : stop_(std::move(stop)), event_(new_event()), callback_(stop_, Wake(event_)) {}

Patience::~Patience() { ::close(event_); }

void Patience::Wake::operator()() const noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(event_, &one, sizeof one);
}

void Patience::wait(int socket, short events, Time until) const {
  using std::chrono::milliseconds;
  std::array<pollfd, 2> polled{{{event_, POLLIN, 0}, {socket, events, 0}}};
  while (true) {
    if (stop_.stop_requested()) throw Stopped();
    const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now()).count();
    if (left <= 0) throw TimeIsUp();
    const auto most = static_cast<std::int64_t>(std::numeric_limits<int>::max());
    const int ready = ::poll(polled.data(), polled.size(), static_cast<int>(std::min<std::int64_t>(left, most)));
    if (ready < 0 && errno != EINTR)
      throw fulfill::Failed("backend_unreachable", "the connection cannot be waited for");
    if (ready > 0 && polled[1].revents != 0) return;
  }
}

}  // namespace postgresql
