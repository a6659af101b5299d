// SPDX-License-Identifier: Apache-2.0
#include "tests/chaos/persistent_connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace fulfilld::chaos {
namespace {

/// Reads status and fields of a header section without its empty line. False if it is none.
bool parse_head(std::string_view head, integration::HttpReply& reply) {
  constexpr std::string_view version = "HTTP/1.1 ";
  if (!head.starts_with(version)) return false;
  std::from_chars(head.data() + version.size(), head.data() + head.size(), reply.status);
  for (auto line_end = head.find("\r\n"); line_end != std::string_view::npos; line_end = head.find("\r\n")) {
    head.remove_prefix(line_end + 2);
    const auto line = head.substr(0, head.find("\r\n"));
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos) return false;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    reply.fields[name] = line.substr(colon + 2);
  }
  return reply.status != 0;
}

}  // namespace

Try PersistentConnection::post(std::uint16_t port, const std::string& path, std::string_view body,
                               const std::map<std::string, std::string>& fields) {
  if (socket_ >= 0 && port != port_) close();
  if (socket_ < 0 && !open(port)) return {};
  std::string request = "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n";
  for (const auto& [name, value] : fields) request.append(name).append(": ").append(value).append("\r\n");
  request.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);

  Try result;
  result.end = send(request) && receive(result.reply) ? Try::End::answered : Try::End::broken;
  const auto connection = result.reply.fields.find("connection");
  const bool last = connection != result.reply.fields.end() && connection->second == "close";
  if (last || result.end == Try::End::broken) close();
  return result;
}

void PersistentConnection::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

bool PersistentConnection::open(std::uint16_t port) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  port_ = port;
  const int on = 1;
  const timeval limit{integration::patience.count(), 0};
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return true;
  close();
  return false;
}

bool PersistentConnection::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool PersistentConnection::receive(integration::HttpReply& reply) {
  std::string received;
  std::array<char, 4096> buffer{};
  std::size_t wanted = std::string::npos;
  while (received.size() < wanted) {
    const auto got = recv(socket_, buffer.data(), buffer.size(), 0);
    if (got <= 0) return false;
    received.append(buffer.data(), static_cast<std::size_t>(got));
    const auto head = received.find("\r\n\r\n");
    if (wanted != std::string::npos || head == std::string::npos) continue;
    if (!parse_head(std::string_view(received).substr(0, head), reply)) return false;
    std::size_t length = 0;
    const auto& text = reply.fields["content-length"];
    std::from_chars(text.data(), text.data() + text.size(), length);
    wanted = head + 4 + length;
    reply.body.reserve(length);
  }
  reply.body = received.substr(received.find("\r\n\r\n") + 4);
  return true;
}

}  // namespace fulfilld::chaos
