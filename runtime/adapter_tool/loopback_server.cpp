// SPDX-License-Identifier: Apache-2.0
#include "runtime/adapter_tool/loopback_server.hpp"

#include <algorithm>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/system/system_error.hpp>
#include <string_view>
#include <utility>

namespace fulfilld {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr std::uint64_t kLargestRequest = 64 << 20;

std::string head_of(const Reply& reply) {
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " " +
                     std::string(http::obsolete_reason(static_cast<http::status>(reply.status))) + "\r\n";
  for (const auto& field : reply.fields) head += field.name + ": " + field.value + "\r\n";
  return head + "Content-Length: " + std::to_string(reply.body.size()) + "\r\n\r\n";
}

}  // namespace

LoopbackServer::LoopbackServer()
    : acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)), acceptor_thread_([this] { accept(); }) {}

LoopbackServer::~LoopbackServer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    boost::system::error_code ignored;
    for (auto& socket : sockets_) socket.shutdown(tcp::socket::shutdown_both, ignored);
  }
  ended_.notify_all();
  // Closing would not wake the thread that waits in accept: a connection does.
  boost::system::error_code ignored;
  tcp::socket(context_).connect(acceptor_.local_endpoint(), ignored);
  acceptor_thread_.join();
  for (auto& thread : threads_) thread.join();
}

Url LoopbackServer::url_for(Reply reply) {
  Url url;
  url.host = "127.0.0.1";
  url.port = acceptor_.local_endpoint().port();
  url.authority = url.host + ":" + std::to_string(url.port);
  url.origin = "http://" + url.authority;
  const std::lock_guard lock(mutex_);
  url.target = "/" + std::to_string(replies_.size() + 1);
  url.text = url.origin + url.target;
  replies_.emplace(url.target, std::move(reply));
  return url;
}

void LoopbackServer::accept() {
  for (;;) {
    boost::system::error_code error;
    tcp::socket socket(context_);
    acceptor_.accept(socket, error);
    const std::lock_guard lock(mutex_);
    if (ending_) return;
    if (error) continue;
    socket.set_option(tcp::no_delay(true), error);
    auto& kept = sockets_.emplace_back(std::move(socket));
    threads_.emplace_back([this, &kept] { serve(kept); });
  }
}

void LoopbackServer::serve(tcp::socket& socket) {
  try {
    boost::beast::flat_buffer buffer;
    while (socket.is_open()) {
      http::request_parser<http::string_body> parser;
      parser.body_limit(kLargestRequest);
      http::read(socket, buffer, parser);
      const auto target = parser.get().target();
      play(socket, reply_to(std::string(target.data(), target.size())), parser.get().method() != http::verb::head);
    }
  } catch (const boost::system::system_error&) {
    // The peer, or the server, has ended the connection.
  }
  const std::lock_guard lock(mutex_);
  boost::system::error_code ignored;
  socket.shutdown(tcp::socket::shutdown_both, ignored);
}

void LoopbackServer::play(tcp::socket& socket, const Reply& reply, bool with_body) {
  using Manner = Reply::Manner;
  const std::string head = head_of(reply);
  const std::string all = with_body ? head + reply.body : head;
  switch (reply.manner) {
    case Manner::late:
      if (!pause(reply.delay)) return;
      [[fallthrough]];
    case Manner::whole:
      asio::write(socket, asio::buffer(all));
      return;
    case Manner::hang: {
      char byte = 0;
      socket.read_some(asio::buffer(&byte, 1));  // until the peer has had enough
      return;
    }
    case Manner::drip:
      for (const char& byte : all) {
        asio::write(socket, asio::buffer(&byte, 1));
        if (!pause(reply.delay)) return;
      }
      return;
    case Manner::reset_in_head:
      asio::write(socket, asio::buffer(std::string_view("HTTP/1.1 2")));
      return reset(socket);
    case Manner::reset_in_body:
      asio::write(socket, asio::buffer(head + reply.body.substr(0, reply.body.size() / 2)));
      return reset(socket);
  }
}

void LoopbackServer::reset(tcp::socket& socket) {
  const std::lock_guard lock(mutex_);
  boost::system::error_code ignored;
  socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

bool LoopbackServer::pause(std::chrono::milliseconds duration) {
  std::unique_lock lock(mutex_);
  return !ended_.wait_for(lock, duration, [this] { return ending_; });
}

Reply LoopbackServer::reply_to(const std::string& target) {
  const std::lock_guard lock(mutex_);
  const auto found = replies_.find(target);
  if (found != replies_.end()) return found->second;
  Reply unknown;
  unknown.status = 404;
  return unknown;
}

}  // namespace fulfilld
