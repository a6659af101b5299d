// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "runtime/egress/connection.hpp"
#include "runtime/egress/connection_pool.hpp"
#include "runtime/egress/own_lack.hpp"

namespace fulfilld {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto head_start = 250ms;      // RFC 8305, 8
constexpr std::size_t most_racers = 6;  // beyond them the one that has had longest is given up

}  // namespace

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
  connect_next();
}

/// RFC 8305, 5: an address that says nothing holds the next one up for a moment only; the first that connects is taken.
void Connection::connect_next() {
  const auto now = std::chrono::steady_clock::now();
  while (tried_ < addresses_.size()) {
    if (racers_.size() == most_racers) {
      Error ignored;
      racers_.front()->socket.close(ignored);
      racers_.erase(racers_.begin());
    }
    const auto racer = std::make_shared<Racer>(context_, Wire::Tcp::endpoint(addresses_[tried_++], origin_.port));
    if (const Error error = Wire::open(racer->socket, racer->peer.protocol())) {
      problem_ = error.message();
      only_own_lack_ = only_own_lack_ && is_own_lack(error);
      continue;
    }
    racers_.push_back(racer);
    racer->socket.async_connect(
        racer->peer, [self = shared_from_this(), racer](const Error& error) { self->arrived(racer, error); });
    return due_at(tried_ == addresses_.size() ? attempt_.deadline : std::min(attempt_.deadline, now + head_start));
  }
  if (racers_.empty())
    return end(only_own_lack_ ? HttpFailure::no_socket : HttpFailure::connect, "connect: " + problem_);
  due_at(attempt_.deadline);
}

void Connection::arrived(const RacerPtr& racer, const Error& error) {
  if (phase_ != Phase::connecting || std::erase(racers_, racer) == 0) return;
  if (error) {
    problem_ = error.message();
    only_own_lack_ = only_own_lack_ && is_own_lack(error);
    return connect_next();
  }
  stop_racing();
  peer_ = racer->peer;
  wire_.take(std::move(racer->socket));
  if (addresses_.size() > 1) pool_.resolver().prefer(origin_.host, peer_.address());
  due_at(attempt_.deadline);
  connected();
}

void Connection::stop_racing() noexcept {
  Error ignored;
  for (const auto& racer : racers_) racer->socket.close(ignored);
  racers_.clear();
}

void Connection::connected() {
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
      if (!error) return self->exchange(false);
      const TlsFault fault = self->fault_of(error);
      self->answer().lasting = fault.lasting;
      self->end(HttpFailure::tls, "tls: " + fault.text);
    });
  } catch (const std::exception& error) {
    end(HttpFailure::tls, std::string("tls: ") + error.what());
  }
}

TlsFault Connection::fault_of(const Error& error) {
  return tls_fault(error, TlsClient::handshake_of(wire_.tls()->native_handle(), origin_.host));
}

}  // namespace fulfilld
