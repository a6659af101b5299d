// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/listening_socket.hpp"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Thread.h>
#include <Poco/Timestamp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

#include "runtime/ingress/answer.hpp"

namespace fulfilld {
namespace {

using std::chrono::steady_clock;

constexpr int backlog = 1024;
constexpr long pause_without_descriptors = 50;  // milliseconds
/// A place is free again as soon as any request is answered.
constexpr std::chrono::seconds retry_after{1};

bool out_of_resources(int error) noexcept {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

std::string last_answer(const Refusal& refusal) {
  std::string bytes;
  const auto date = Poco::DateTimeFormatter::format(Poco::Timestamp(), Poco::DateTimeFormat::HTTP_FORMAT);
  append_http(bytes, refusal_answer(refusal), {.last = true, .date = date});
  return bytes;
}

}  // namespace

Bell::Bell() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!event_.open()) throw std::system_error(errno, std::generic_category(), "no descriptor to listen with");
}

void Bell::ring() const noexcept { ::eventfd_write(event_.get(), 1); }

void Bell::quiet() const noexcept {
  eventfd_t ignored = 0;
  ::eventfd_read(event_.get(), &ignored);
}

Poco::Net::SocketImpl* ListeningSocketImpl::acceptConnection(Poco::Net::SocketAddress& client) {
  auto guest = next_guest();
  client = guest.address;
  auto* const socket =
      make_connection_socket(services_, guest.connection.release(), guest.address, certificate_.context());
  socket->setSendTimeout(send_timeout_);
  return socket;
}

bool ListeningSocketImpl::poll(const Poco::Timespan& timeout, int /*mode*/) {
  const auto until = steady_clock::now() + std::chrono::microseconds(timeout.totalMicroseconds());
  for (;;) {
    if (may_serve_probe() || may_serve_next()) return true;
    // By TLS nobody can be turned away: those whom the line does not hold wait with the kernel.
    const bool look = services_.watchdog.has_place() || !line_.full() || !certificate_.in_use();
    std::array<pollfd, 3> readable{pollfd{look ? sockfd() : -1, POLLIN, 0}, pollfd{bell_.descriptor(), POLLIN, 0},
                                   pollfd{watch_.descriptor(), POLLIN, 0}};
    ::poll(readable.data(), readable.size(), milliseconds_to_wait(until));
    const auto now = steady_clock::now();
    if ((readable[0].revents & POLLHUP) != 0) return false;  // shut down: the accept thread is about to be told
    if ((readable[1].revents & POLLIN) != 0) bell_.quiet();
    if ((readable[2].revents & POLLIN) != 0) let_probes_pass(now);
    if (!certificate_.in_use()) turn_overdue_away(now);
    if ((readable[0].revents & POLLIN) != 0) {
      if (line_.empty() && services_.watchdog.has_place()) return true;
      line_up();
    }
    if (now >= until) return false;
  }
}

void ListeningSocketImpl::dismiss() {
  for (auto* line : {&line_, &probes_})
    while (!line->empty()) {
      auto guest = line->next();
      if (!certificate_.in_use())
        services_.lingering.turn_away(std::move(guest.connection), last_answer(Admission::shutting_down()));
    }
  services_.watchdog.set_waiting(0);
}

bool ListeningSocketImpl::may_serve_next() const noexcept { return !line_.empty() && services_.watchdog.has_place(); }

bool ListeningSocketImpl::may_serve_probe() const noexcept {
  return !probes_.empty() && services_.watchdog.has_place_for_probe();
}

ListeningSocketImpl::Guest ListeningSocketImpl::next_guest() {
  const bool is_probe = may_serve_probe();
  if (!is_probe && line_.empty()) return accept_one();
  auto guest = is_probe ? probes_.next() : line_.next();
  if (!is_probe) watch_.remove(guest.connection.get());
  tell_how_many_wait();
  return guest;
}

ListeningSocketImpl::Guest ListeningSocketImpl::accept_one() {
  sockaddr_storage storage{};
  auto* const raw_address = reinterpret_cast<sockaddr*>(&storage);
  socklen_t length = sizeof(storage);
  Descriptor connection(::accept4(sockfd(), raw_address, &length, SOCK_CLOEXEC));
  if (connection.open()) return {std::move(connection), Poco::Net::SocketAddress(raw_address, length)};
  const int problem = errno;
  if (out_of_resources(problem)) {
    services_.report.cannot_accept(std::string(std::strerror(problem)) +
                                   ": raise the limit of open files (LimitNOFILE of systemd, ulimit -n)");
    Poco::Thread::sleep(pause_without_descriptors);  // it stays in the backlog, and poll reports it again at once
  }
  error(problem);
  return {};
}

void ListeningSocketImpl::line_up() {
  auto guest = accept_one();
  if (line_.full())
    return turn_away(std::move(guest.connection), "all places, and those of the waiting line, are taken");
  if (!certificate_.in_use()) watch_.add(guest.connection.get());
  line_.join(std::move(guest), steady_clock::now());
  tell_how_many_wait();
}

void ListeningSocketImpl::let_probes_pass(MonotonicTime now) {
  for (const int connection : watch_.take()) {
    auto guest = line_.take([=](const Guest& one) { return one.connection.get() == connection; });
    if (!guest) continue;
    watch_.remove(connection);
    probes_.join(std::move(*guest), now);
  }
}

void ListeningSocketImpl::turn_overdue_away(MonotonicTime now) {
  for (auto* line : {&line_, &probes_})
    while (auto guest = line->next_overdue(now)) {
      watch_.remove(guest->connection.get());
      tell_how_many_wait();
      turn_away(std::move(guest->connection), "no place became free in time");
    }
}

void ListeningSocketImpl::tell_how_many_wait() { services_.watchdog.set_waiting(line_.size() + probes_.size()); }

void ListeningSocketImpl::turn_away(Descriptor connection, const char* bound) {
  services_.report.turned_away(std::string(bound) + ", see server.max_connections");
  services_.lingering.turn_away(std::move(connection),
                                last_answer({Reason::overloaded, retry_after, std::string("connections: ") + bound}));
}

int ListeningSocketImpl::milliseconds_to_wait(MonotonicTime until) const {
  auto wake = until;
  if (!certificate_.in_use())
    for (const auto* line : {&line_, &probes_})
      if (const auto due = line->next_due()) wake = std::min(wake, *due);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(wake - steady_clock::now()).count();
  return static_cast<int>(std::max<std::int64_t>(left, 0));
}

ListeningSocket::ListeningSocket(ListeningSocketImpl* implementation, const std::string& address, std::uint16_t port)
    : ServerSocket(implementation, true) {
  const Poco::Net::SocketAddress where(address, port);
  if (where.family() == Poco::Net::SocketAddress::IPv6) {
    bind6(where, true, false, false);
  } else {
    bind(where, true, false);
  }
  listen(backlog);
}

}  // namespace fulfilld
