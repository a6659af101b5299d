// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/notify_socket.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace fulfilld::integration {

NotifySocket::NotifySocket(const std::filesystem::path& directory)
    : path_(directory / "notify"), socket_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  path_.copy(address.sun_path, sizeof address.sun_path - 1);
  if (bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(socket_);
    throw std::runtime_error("cannot bind " + path_);
  }
}

NotifySocket::~NotifySocket() { close(socket_); }

std::string NotifySocket::receive(std::chrono::milliseconds limit) const {
  pollfd news{socket_, POLLIN, 0};
  if (poll(&news, 1, static_cast<int>(limit.count())) <= 0) return {};
  std::array<char, 4096> buffer{};
  const auto size = recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
  return size <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(size));
}

}  // namespace fulfilld::integration
