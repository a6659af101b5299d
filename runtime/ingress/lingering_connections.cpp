// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/lingering_connections.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>

namespace fulfilld {
namespace {

constexpr std::size_t lingering_piece = 64 * 1024;
constexpr int events_at_once = 64;
constexpr std::chrono::milliseconds slowest_sweep{500};

Descriptor checked(int descriptor) {
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "no descriptor for an epoll set");
  return Descriptor(descriptor);
}

bool add_to(const Descriptor& poll, int descriptor) noexcept {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP;
  event.data.fd = descriptor;
  return ::epoll_ctl(poll.get(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

}  // namespace

void send_last_words(int connection, std::string_view bytes) noexcept {
  static_cast<void>(::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
  ::shutdown(connection, SHUT_WR);
}

LingeringConnections::LingeringConnections(const LingeringLimits& limits)
    : limits_(limits),
      poll_(checked(::epoll_create1(EPOLL_CLOEXEC))),
      wake_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))),
      waste_(lingering_piece) {
  add_to(poll_, wake_.get());
  thread_ = std::thread([this] { run(); });
}

LingeringConnections::~LingeringConnections() {
  stop();
  thread_.join();
}

void LingeringConnections::linger(Descriptor connection) { add(std::move(connection), {}); }

void LingeringConnections::turn_away(Descriptor connection, std::string answer) {
  add(std::move(connection), std::move(answer));
}

void LingeringConnections::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    while (!all_.empty()) end(all_.begin());
  }
  ::eventfd_write(wake_.get(), 1);
}

std::size_t LingeringConnections::size() const {
  const std::lock_guard lock(mutex_);
  return all_.size();
}

void LingeringConnections::add(Descriptor connection, std::string answer) {
  const auto now = std::chrono::steady_clock::now();
  const int number = connection.get();
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      if (!answer.empty()) send_last_words(number, answer);
      return;
    }
    if (all_.size() >= limits_.connections) end(all_.begin());
    all_.push_back({std::move(connection), std::move(answer), now, now, 0});
    by_descriptor_[number] = std::prev(all_.end());
    first = all_.size() == 1;
    if (!add_to(poll_, number)) end(std::prev(all_.end()));
  }
  if (first) ::eventfd_write(wake_.get(), 1);  // from now on there is a time to be kept
}

void LingeringConnections::run() {
  const auto sweep = std::clamp(limits_.silence / 4, std::chrono::milliseconds{1}, slowest_sweep);
  std::array<epoll_event, events_at_once> events{};
  for (;;) {
    const int wait = size() == 0 ? -1 : static_cast<int>(sweep.count());
    const int ready = ::epoll_wait(poll_.get(), events.data(), events_at_once, wait);
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    for (int i = 0; i < ready; ++i) serve(events[static_cast<std::size_t>(i)].data.fd);
    end_overdue(std::chrono::steady_clock::now());
  }
}

void LingeringConnections::serve(int descriptor) {
  if (descriptor == wake_.get()) {
    eventfd_t ignored = 0;
    ::eventfd_read(descriptor, &ignored);
    return;
  }
  const auto found = by_descriptor_.find(descriptor);
  if (found != by_descriptor_.end() && !read_on(*found->second)) end(found->second);
}

bool LingeringConnections::read_on(One& one) {
  if (!one.answer.empty()) send_last_words(one.connection.get(), std::exchange(one.answer, {}));
  const auto received = ::recv(one.connection.get(), waste_.data(), waste_.size(), MSG_DONTWAIT);
  if (received < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  one.heard = std::chrono::steady_clock::now();
  one.bytes += static_cast<std::size_t>(received);
  return received > 0 && one.bytes < limits_.bytes;
}

void LingeringConnections::end_overdue(Time now) {
  for (auto one = all_.begin(); one != all_.end();) {
    const bool overdue = now - one->since >= limits_.total || now - one->heard >= limits_.silence;
    one = overdue ? end(one) : std::next(one);
  }
}

LingeringConnections::All::iterator LingeringConnections::end(All::iterator one) {
  const int number = one->connection.get();
  if (!one->answer.empty()) send_last_words(number, one->answer);
  // Closing would not do: whoever handed the connection over may not have closed his own descriptor of it yet.
  ::epoll_ctl(poll_.get(), EPOLL_CTL_DEL, number, nullptr);
  by_descriptor_.erase(number);
  return all_.erase(one);
}

}  // namespace fulfilld
