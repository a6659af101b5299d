// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <utility>

#include "runtime/egress/connection.hpp"
#include "runtime/egress/connection_pool.hpp"
#include "runtime/egress/own_lack.hpp"

namespace fulfilld {

namespace asio = boost::asio;

void Connection::resolve() {
  phase_ = Phase::resolving;
  Error not_an_address;
  const auto literal = asio::ip::make_address(origin_.host, not_an_address);
  if (!not_an_address) return resolved({{literal}, {}});
  if (const Resolution* known = pool_.resolver().known(origin_.host, std::chrono::steady_clock::now()))
    return resolved(*known);
  lookup_ = pool_.resolver().wait_for(origin_.host, [self = shared_from_this()](const Resolution& resolution) {
    if (self->phase_ == Phase::resolving) self->resolved(resolution);
  });
}

void Connection::resolved(const Resolution& resolution) {
  lookup_ = 0;
  if (resolution.addresses.empty()) {
    const auto failure = resolution.own_lack ? HttpFailure::no_socket : HttpFailure::resolve;
    return end(failure, "resolve: " + resolution.problem);
  }
  addresses_ = resolution.addresses;
  phase_ = Phase::connecting;
  connect_next({});
}

void Connection::connect_next(std::string problem) {
  while (tried_ < addresses_.size()) {
    const Wire::Tcp::endpoint peer(addresses_[tried_++], origin_.port);
    if (const Error error = wire_.open(peer.protocol())) {
      problem = error.message();
      only_own_lack_ = only_own_lack_ && is_own_lack(error);
      continue;
    }
    // An address that says nothing must leave time for those after it.
    const auto now = std::chrono::steady_clock::now();
    due_at(now + (attempt_.deadline - now) / static_cast<int>(addresses_.size() - tried_ + 1));
    wire_.socket().async_connect(peer, [self = shared_from_this(), turn = tried_](const Error& error) {
      if (self->phase_ == Phase::connecting && self->tried_ == turn) self->connected(error);
    });
    return;
  }
  end(only_own_lack_ ? HttpFailure::no_socket : HttpFailure::connect, "connect: " + problem);
}

void Connection::connected(const Error& error) {
  if (error) {
    only_own_lack_ = only_own_lack_ && is_own_lack(error);
    return connect_next(error.message());
  }
  if (addresses_.size() > 1) pool_.resolver().prefer(origin_.host, addresses_[tried_ - 1]);
  due_at(attempt_.deadline);
  if (origin_.tls)
    handshake();
  else
    exchange(false);
}

void Connection::handshake() {
  phase_ = Phase::handshaking;
  try {
    Wire::Tls& tls = wire_.start_tls(pool_.tls().context());
    TlsClient::prepare(tls.native_handle(), origin_.host, origin_.session.get());
    tls.async_handshake(asio::ssl::stream_base::client, [self = shared_from_this()](const Error& error) {
      if (self->phase_ != Phase::handshaking) return;
      if (error)
        self->end(HttpFailure::tls, "tls: " + TlsClient::describe(error, self->wire_.tls()->native_handle()));
      else
        self->exchange(false);
    });
  } catch (const std::exception& error) {
    end(HttpFailure::tls, std::string("tls: ") + error.what());
  }
}

}  // namespace fulfilld
