// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/egress/echo_server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "tests/runtime/egress/test_exchange.hpp"

namespace fulfilld::testing {
namespace {

constexpr std::string_view answer =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 28\r\n\r\n{\"status\":\"ok\",\"balance\":42}";
static_assert(answer.size() - answer.find("\r\n\r\n") - 4 == 28);

}  // namespace

class EchoServer::Loop {
 public:
  explicit Loop(std::size_t hold_until) : hold_until_(hold_until) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 4096) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error("no port for the test server");
    port_ = ntohs(address.sin_port);
    watch(listener_);
    watch(wake_);
    thread_ = std::thread([this] { run(); });
  }

  ~Loop() {
    eventfd_write(wake_, 1);
    thread_.join();
    for (const auto& connection : requests_) close(connection.first);
    close(listener_);
    close(wake_);
    close(epoll_);
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

 private:
  void watch(int descriptor) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  }

  void run() {
    std::array<epoll_event, 256> events{};
    for (;;) {
      const int count = epoll_wait(epoll_, events.data(), events.size(), -1);
      for (int i = 0; i < count; ++i) {
        const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
        if (descriptor == wake_) return;
        if (descriptor == listener_)
          accept_one();
        else
          read(descriptor);
      }
    }
  }

  void accept_one() {
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (connection < 0) return;
    const int on = 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    requests_[connection];
    watch(connection);
  }

  void read(int connection) {
    std::array<char, 4096> buffer;
    const auto size = recv(connection, buffer.data(), buffer.size(), 0);
    if (size <= 0) {
      requests_.erase(connection);
      close(connection);
      return;
    }
    std::string& request = requests_[connection];
    request.append(buffer.data(), static_cast<std::size_t>(size));
    const auto end = request.find("\r\n\r\n");
    if (end == std::string::npos) return;
    const auto length = request.find("Content-Length: ");
    const std::size_t body = length == std::string::npos ? 0 : std::strtoul(&request[length + 16], nullptr, 10);
    if (request.size() < end + 4 + body) return;
    request.clear();
    ++seen_;
    held_.push_back(connection);
    if (seen_ < hold_until_) return;
    for (const int held : held_) send(held, answer.data(), answer.size(), MSG_NOSIGNAL);
    held_.clear();
  }

  const std::size_t hold_until_;
  std::size_t seen_ = 0;
  std::uint16_t port_ = 0;
  int epoll_ = epoll_create1(EPOLL_CLOEXEC);
  int wake_ = eventfd(0, EFD_CLOEXEC);
  int listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::unordered_map<int, std::string> requests_;  ///< what has come of the next one, by connection
  std::vector<int> held_;
  std::thread thread_;
};

EchoServer::EchoServer(std::size_t hold_until) : loop_(std::make_unique<Loop>(hold_until)) {}

EchoServer::~EchoServer() = default;

Url EchoServer::url(std::string_view target) const { return make_url("http", "127.0.0.1", loop_->port(), target); }

}  // namespace fulfilld::testing
