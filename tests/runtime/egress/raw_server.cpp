// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/egress/raw_server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

#include "tests/runtime/egress/test_exchange.hpp"

namespace fulfilld::testing {
namespace {

constexpr std::size_t content_length(std::string_view head) {
  constexpr std::string_view name = "Content-Length: ";
  const auto at = head.find(name);
  if (at == std::string_view::npos) return 0;
  std::size_t length = 0;
  for (std::size_t i = at + name.size(); head[i] >= '0' && head[i] <= '9'; ++i) length = length * 10 + (head[i] - '0');
  return length;
}

}  // namespace

Peer::~Peer() { close(); }

bool Peer::accept_tls(SSL_CTX* context) {
  tls_ = SSL_new(context);
  SSL_set_fd(tls_, socket_);
  return SSL_accept(tls_) == 1;
}

bool Peer::read_more() {
  if (socket_ < 0) return false;
  char buffer[16384];
  const auto size = tls_ != nullptr ? SSL_read(tls_, buffer, sizeof buffer) : recv(socket_, buffer, sizeof buffer, 0);
  if (size <= 0) return false;
  input_.append(buffer, static_cast<std::size_t>(size));
  return true;
}

std::string Peer::read_request() {
  std::size_t end = std::string::npos;
  while ((end = input_.find("\r\n\r\n")) == std::string::npos)
    if (!read_more()) return {};
  const std::size_t size = end + 4 + content_length(std::string_view(input_).substr(0, end + 4));
  while (input_.size() < size)
    if (!read_more()) return {};
  std::string request = input_.substr(0, size);
  input_.erase(0, size);
  return request;
}

bool Peer::send(std::string_view bytes) {
  while (!bytes.empty() && socket_ >= 0) {
    const auto sent = tls_ != nullptr ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                                      : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return bytes.empty();
}

bool Peer::drip(std::string_view bytes, std::chrono::milliseconds time) {
  for (const char& byte : bytes)
    if (!pause(time) || !send({&byte, 1})) return false;
  return true;
}

void Peer::wait_until_gone() {
  while (read_more()) input_.clear();
}

bool Peer::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(server_.mutex_);
  return !server_.changed_.wait_for(lock, time, [this] { return server_.stopped_; });
}

void Peer::close() {
  const std::lock_guard lock(server_.mutex_);
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  SSL_free(tls_);
  tls_ = nullptr;
}

void Peer::close_politely() {
  if (tls_ != nullptr) SSL_shutdown(tls_);
  close();
}

void Peer::reset() {
  const linger now{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
}

RawServer::RawServer(Script script, SSL_CTX* tls) : script_(std::move(script)), tls_(tls) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 1024) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no port for the test server");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

RawServer::~RawServer() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    shutdown(listener_, SHUT_RDWR);
    for (const auto& peer : peers_)
      if (peer->socket_ >= 0) shutdown(peer->socket_, SHUT_RDWR);
    changed_.notify_all();
  }
  acceptor_.join();
  for (auto& thread : threads_) thread.join();
  ::close(listener_);
}

void RawServer::accept_all() {
  // OpenSSL writes without MSG_NOSIGNAL. Only these threads: an engine that raises SIGPIPE shall be found out.
  sigset_t broken_pipe;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
  for (;;) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (stopped_ || socket < 0) {
      if (socket >= 0) ::close(socket);
      return;
    }
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    peers_.push_back(std::unique_ptr<Peer>(new Peer(*this, socket, peers_.size())));
    threads_.emplace_back([this, peer = peers_.back().get()] {
      if (tls_ == nullptr || peer->accept_tls(tls_)) script_(*peer);
      peer->close();
      const std::lock_guard ended(mutex_);
      ++ended_scripts_;
      changed_.notify_all();
    });
  }
}

Url RawServer::url(std::string_view target, const std::string& host) const {
  return make_url(tls_ != nullptr ? "https" : "http", host, port_, target);
}

std::size_t RawServer::connections() const {
  const std::lock_guard lock(mutex_);
  return peers_.size();
}

bool RawServer::wait_for_ended_scripts(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return ended_scripts_ >= count; });
}

std::string answer_with(std::string_view body, std::string_view status, std::string_view header_lines) {
  return std::string("HTTP/1.1 ")
      .append(status)
      .append("\r\n")
      .append(header_lines)
      .append("Content-Length: ")
      .append(std::to_string(body.size()))
      .append("\r\n\r\n")
      .append(body);
}

}  // namespace fulfilld::testing
