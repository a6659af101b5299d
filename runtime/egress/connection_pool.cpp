// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/connection_pool.hpp"

#include <algorithm>
#include <utility>

#include "runtime/egress/request_head.hpp"

namespace fulfilld {

ConnectionPool::ConnectionPool(boost::asio::io_context& context, EgressSettings settings)
    : context_(context),
      settings_(std::move(settings)),
      user_agent_(settings_.user_agent.empty() ? "" : "User-Agent: " + settings_.user_agent + "\r\n"),
      tls_(settings_.ca_file),
      wake_up_(context, [this] { run_due(); }) {
  resolver_.emplace(context, settings_.look_up, settings_.look_ups,
                    NameCache(settings_.name_ttl, settings_.failed_name_ttl));
}

void ConnectionPool::start(Attempt attempt) {
  const auto now = std::chrono::steady_clock::now();
  if (stopped_) return attempt.finish(HttpFailure::cancelled, "the engine has been stopped", now);
  if (now >= attempt.deadline) return attempt.finish(HttpFailure::timeout, "no time was left to begin", now);
  if (!is_safe_to_write(attempt.exchange->request))
    return attempt.finish(HttpFailure::connect, "not sent: a control character in the request's head", now);
  Origin& origin = origin_of(attempt.exchange->request.url);
  // A request that may not be sent twice is worth a look at the socket first: one system call.
  const bool look_first = !may_be_sent_twice(attempt.exchange->request);
  while (!origin.idle.empty()) {
    Connection& connection = *origin.idle.back();
    origin.idle.pop_back();
    --idle_;
    if (!look_first || !connection.is_stale()) return connection.reuse(std::move(attempt));
    connection.end(HttpFailure::none, {});
  }
  start_on_new(std::move(attempt));
}

void ConnectionPool::start_on_new(Attempt attempt) {
  Origin& origin = origin_of(attempt.exchange->request.url);
  const auto connection = std::make_shared<Connection>(context_, *this, origin);
  ++origin.connections;
  connection->place = connections_.size();
  connections_.push_back(connection);
  connection->open(std::move(attempt));
}

Origin& ConnectionPool::origin_of(const Url& url) {
  auto& origin = origins_[url.origin];
  if (!origin)
    origin = std::make_unique<Origin>(Origin{.key = url.origin, .host = url.host, .port = url.port, .tls = url.tls});
  return *origin;
}

void ConnectionPool::stop() {
  stopped_ = true;
  while (!connections_.empty()) connections_.back()->end(HttpFailure::cancelled, "the engine has been stopped");
  wake_up_.cancel();
  resolver_.reset();
}

void ConnectionPool::watch(Connection& connection, MonotonicTime when) {
  connection.alarm_at = when;
  if (connection.alarm == 0)
    connection.alarm = alarms_.add(when, &connection);
  else
    alarms_.move(connection.alarm, when);
  wake_up_.at(when);
}

void ConnectionPool::run_due() {
  const auto now = std::chrono::steady_clock::now();
  while (auto due = alarms_.pop_due(now)) {
    (*due)->alarm = 0;
    (*due)->on_alarm(now);
  }
  if (!alarms_.empty()) wake_up_.at(alarms_.earliest());
}

bool ConnectionPool::keep(Connection& connection) {
  if (idle_ >= settings_.max_idle) return false;
  ++idle_;
  connection.origin().idle.push_back(&connection);
  return true;
}

void ConnectionPool::forget(Connection& connection) {
  if (connection.alarm != 0) alarms_.remove(connection.alarm);
  connection.alarm = 0;
  Origin& origin = connection.origin();
  if (std::erase(origin.idle, &connection) > 0) --idle_;
  if (--origin.connections == 0 && origins_.size() > origins_remembered) origins_.erase(std::string(origin.key));
  connections_.back()->place = connection.place;
  std::swap(connections_[connection.place], connections_.back());
  connections_.pop_back();
}

void ConnectionPool::cancel_lookup(const Origin& origin, Resolver::Ticket ticket) {
  resolver_->cancel(origin.host, ticket);
}

std::chrono::milliseconds ConnectionPool::idle_time(std::chrono::milliseconds limit,
                                                    std::optional<std::chrono::seconds> told_by_peer) noexcept {
  if (!told_by_peer) return limit;
  // A second less than the peer allows: a request that leaves in the last moment would meet a closed door.
  const std::chrono::milliseconds allowed = std::max(*told_by_peer - std::chrono::seconds{1}, std::chrono::seconds{0});
  return std::min(limit, allowed);
}

}  // namespace fulfilld
