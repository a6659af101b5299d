// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/listening_socket.hpp"

#include <Poco/Net/SocketAddress.h>
#include <Poco/Thread.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "runtime/ingress/connection_socket.hpp"

namespace fulfilld {
namespace {

constexpr int backlog = 1024;
constexpr long pause_without_descriptors = 50;  // milliseconds

bool out_of_resources(int error) noexcept {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

Poco::Net::SocketImpl* ListeningSocketImpl::acceptConnection(Poco::Net::SocketAddress& client) {
  sockaddr_storage storage{};
  auto* const raw_address = reinterpret_cast<sockaddr*>(&storage);
  socklen_t length = sizeof(storage);
  const int descriptor = ::accept4(sockfd(), raw_address, &length, SOCK_CLOEXEC);
  if (descriptor < 0) {
    const int problem = errno;
    // The connection stays in the backlog and poll reports it again at once.
    if (out_of_resources(problem)) Poco::Thread::sleep(pause_without_descriptors);
    error(problem);
  }
  client = Poco::Net::SocketAddress(raw_address, length);
  auto* const socket = make_connection_socket(watchdog_, descriptor, client, tls_);
  socket->setSendTimeout(send_timeout_);
  return socket;
}

bool ListeningSocketImpl::poll(const Poco::Timespan& timeout, int /*mode*/) {
  pollfd readable{sockfd(), POLLIN, 0};
  const int ready = ::poll(&readable, 1, static_cast<int>(timeout.totalMilliseconds()));
  // POLLHUP: shut down by `stop_accepting`, Poco's accept thread is about to be told.
  return ready > 0 && (readable.revents & POLLHUP) == 0;
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

Poco::Net::Context::Ptr make_tls_context(const std::string& certificate_file, const std::string& key_file) {
  using Poco::Net::Context;
  Context::Params parameters;
  parameters.certificateFile = certificate_file;
  parameters.privateKeyFile = key_file;
  parameters.verificationMode = Context::VERIFY_NONE;
  parameters.cipherList = "HIGH:!aNULL:!MD5:!3DES:!RC4:!CAMELLIA:!ARIA";
  Context::Ptr context(new Context(Context::TLS_SERVER_USE, parameters));
  context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
  context->enableSessionCache(true, "fulfilld");
  return context;
}

}  // namespace fulfilld
