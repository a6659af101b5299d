// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <stdexcept>

namespace fulfilld::testing {

/// A listener that drops whoever wants to connect, as a dead host would: its queue is full.
class FullQueue {
 public:
  /// On an IPv4 address of the loopback; `port` 0: any free one.
  explicit FullQueue(std::uint32_t ip = INADDR_LOOPBACK, std::uint16_t port = 0) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(ip);
    address.sin_port = htons(port);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    if (bind(listener_, any, size) != 0 || listen(listener_, 0) != 0 || getsockname(listener_, any, &size) != 0)
      throw std::runtime_error("no port for the test server");
    port_ = ntohs(address.sin_port);
    for (int& waiting : waiting_) {
      waiting = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
      static_cast<void>(connect(waiting, any, size));
    }
  }
  ~FullQueue() {
    for (const int waiting : waiting_) close(waiting);
    close(listener_);
  }
  FullQueue(const FullQueue&) = delete;
  FullQueue& operator=(const FullQueue&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

 private:
  int listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::array<int, 4> waiting_{};
  std::uint16_t port_ = 0;
};

}  // namespace fulfilld::testing
