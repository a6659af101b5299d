// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/ingress/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace fulfilld {

std::string RawAnswer::header(std::string_view name) const {
  const auto at = head.find("\r\n" + std::string(name) + ": ");
  if (at == std::string::npos) return {};
  const auto from = at + name.size() + 4;
  return head.substr(from, head.find("\r\n", from) - from);
}

std::string RawAnswer::member(std::string_view name) const {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object() || !json.contains(name)) return {};
  const auto& value = json[std::string(name)];
  return value.is_string() ? value.get<std::string>() : value.dump();
}

bool RawAnswer::is_json_error() const {
  return header("Content-Type") == "application/json" && !member("error").empty() && !member("code").empty();
}

RawClient::RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{20, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    ::close(socket_);
    throw std::runtime_error("cannot connect");
  }
}

RawClient::~RawClient() { ::close(socket_); }

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawClient::finish_sending() { ::shutdown(socket_, SHUT_WR); }

bool RawClient::fill() {
  std::array<char, 16384> piece;
  const auto received = ::recv(socket_, piece.data(), piece.size(), 0);
  if (received < 0 && errno == ECONNRESET) reset_ = true;
  if (received < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) throw std::runtime_error("the server is silent");
  if (received <= 0) return false;
  buffer_.append(piece.data(), static_cast<std::size_t>(received));
  return true;
}

std::string RawClient::receive_head() {
  auto end = buffer_.find("\r\n\r\n");
  while (end == std::string::npos) {
    if (!fill()) return {};
    end = buffer_.find("\r\n\r\n");
  }
  auto head = buffer_.substr(0, end + 4);
  buffer_.erase(0, end + 4);
  return head;
}

RawAnswer RawClient::receive(bool with_body) {
  RawAnswer answer;
  answer.head = receive_head();
  if (answer.head.empty()) return {};
  if (with_body) {
    const auto length = static_cast<std::size_t>(std::stoul(answer.header("Content-Length")));
    while (buffer_.size() < length) {
      if (!fill()) return {};
    }
    answer.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
  }
  answer.status = std::stoi(answer.head.substr(9, 3));
  return answer;
}

bool RawClient::ends() { return buffer_.empty() && !fill(); }

std::string post(std::string_view body, std::string_view path, std::string_view headers) {
  std::string text = "POST " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  text.append(headers).append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  return text;
}

std::string request(std::string_view method, std::string_view path) {
  return std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

std::string execute_body(std::string_view id, std::string_view data) {
  return R"({"fulfillmentUrl":"https://api.mypurecloud.com/api/v2/dataactions/fulfillments/)" + std::string(id) +
         R"(","fulfillmentToken":"token-1","data":)" + std::string(data) + "}";
}

}  // namespace fulfilld
