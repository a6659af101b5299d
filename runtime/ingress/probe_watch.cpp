// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/probe_watch.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>

namespace fulfilld {
namespace {

constexpr std::array<std::string_view, 4> probe_lines = {"GET /healthz", "GET /readyz", "HEAD /healthz",
                                                         "HEAD /readyz"};
constexpr std::size_t longest_probe_line = 13;
constexpr int most_probes_at_once = 64;

bool has_sent_probe(int connection) noexcept {
  std::array<char, longest_probe_line> begin{};
  const auto size = ::recv(connection, begin.data(), begin.size(), MSG_PEEK | MSG_DONTWAIT);
  if (size <= 0) return false;
  const std::string_view text(begin.data(), static_cast<std::size_t>(size));
  return std::any_of(probe_lines.begin(), probe_lines.end(),
                     [text](std::string_view line) { return text.starts_with(line); });
}

}  // namespace

ProbeWatch::ProbeWatch() : poll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!poll_.open()) throw std::system_error(errno, std::generic_category(), "no descriptor for an epoll set");
}

void ProbeWatch::add(int connection) noexcept {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLONESHOT;
  event.data.fd = connection;
  ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, connection, &event);  // who cannot be watched waits like the others
}

void ProbeWatch::remove(int connection) noexcept { ::epoll_ctl(poll_.get(), EPOLL_CTL_DEL, connection, nullptr); }

std::vector<int> ProbeWatch::take() noexcept {
  std::array<epoll_event, most_probes_at_once> events{};
  const int ready = ::epoll_wait(poll_.get(), events.data(), most_probes_at_once, 0);
  std::vector<int> probes;
  for (int i = 0; i < ready; ++i)
    if (const int connection = events[static_cast<std::size_t>(i)].data.fd; has_sent_probe(connection))
      probes.push_back(connection);
  return probes;
}

}  // namespace fulfilld
