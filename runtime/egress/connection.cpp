// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/connection.hpp"

#include <utility>

#include "runtime/egress/connection_pool.hpp"

namespace fulfilld {

void Connection::open(Attempt attempt) {
  begin(std::move(attempt));
  resolve();
}

void Connection::reuse(Attempt attempt) {
  begin(std::move(attempt));
  exchange(true);
}

void Connection::begin(Attempt attempt) {
  attempt_ = std::move(attempt);
  due_at(attempt_.deadline);
}

void Connection::due_at(MonotonicTime when) {
  due_ = when;
  // An alarm that is too early only looks at due_ again: far cheaper than moving it twice for every attempt.
  if (alarm == 0 || when < alarm_at) pool_.watch(*this, when);
}

void Connection::on_alarm(MonotonicTime now) {
  if (now < due_) return pool_.watch(*this, due_);
  if (phase_ == Phase::idle) return close();
  if (phase_ == Phase::connecting && now < attempt_.deadline) {
    only_own_lack_ = false;
    return connect_next();
  }
  end_at_limit();
}

void Connection::end_at_limit() {
  const std::string limit = " within " + std::to_string(request().time_limit.count()) + " ms";
  switch (phase_) {
    case Phase::resolving:
      return end(HttpFailure::resolve, "resolve: no address of " + request().url.host + limit);
    case Phase::connecting:
      return end(HttpFailure::connect, "connect: no connection" + limit);
    case Phase::handshaking:
      return end(HttpFailure::tls,
                 "tls: handshake not finished" + limit +
                     (TlsClient::handshake_of(wire_.tls()->native_handle(), origin_.host).peer_said_nothing
                          ? ", the peer said nothing: does the port speak TLS?"
                          : ""));
    case Phase::probing:
      return end(HttpFailure::reset, problem_);
    default:
      return end(HttpFailure::timeout, (answer_begun_ ? "answer not complete" : "no answer") + limit);
  }
}

void Connection::end(HttpFailure failure, std::string detail) {
  Attempt attempt = std::move(attempt_);
  close();
  if (attempt.exchange) attempt.finish(failure, std::move(detail), std::chrono::steady_clock::now());
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  const auto self = shared_from_this();  // the pool may hold the last one
  if (phase_ == Phase::resolving && lookup_ != 0) pool_.cancel_lookup(origin_, lookup_);
  phase_ = Phase::closed;
  stop_racing();
  wire_.close();
  pool_.forget(*this);
}

}  // namespace fulfilld
