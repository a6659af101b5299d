// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/door_report.hpp"

#include <chrono>
#include <optional>
#include <utility>

namespace fulfilld {
namespace {

std::string_view sentence(HandshakeFailure why) {
  switch (why) {
    case HandshakeFailure::plain_http:
      return "the client spoke plain HTTP, and must use https";
    case HandshakeFailure::nothing_in_common:
      return "the client offered no version or cipher that is taken here (TLS 1.2 or later)";
    case HandshakeFailure::certificate_refused:
      return "the client does not trust the certificate of this service";
    case HandshakeFailure::broken_off:
      return "the client went away before its end";
    case HandshakeFailure::too_slow:
      return "it took longer than server.request_timeout";
    case HandshakeFailure::other:
      break;
  }
  return "what the client sent was not understood";
}

}  // namespace

DoorReport::DoorReport(Observer& observer)
    : observer_(observer),
      handshakes_{"TLS handshakes failed", {}, {}},
      turned_away_{"connections were answered 503", {}, {}},
      not_accepted_{"connections could not be accepted", {}, {}} {}

void DoorReport::handshake_failed(HandshakeFailure why, std::string_view peer, std::string_view detail) {
  observer_.handshake_failed(why);
  std::string about = std::string(peer) + ": " + std::string(sentence(why));
  if (!detail.empty()) about.append(" (").append(detail).append(")");
  happened(handshakes_, "a TLS handshake failed, with " + about, "with " + about);
}

void DoorReport::turned_away(std::string_view bound) {
  observer_.turned_away();
  happened(turned_away_, "a connection was answered 503: " + std::string(bound), bound);
}

void DoorReport::cannot_accept(std::string_view problem) {
  happened(not_accepted_, "a connection cannot be accepted: " + std::string(problem), problem);
}

void DoorReport::tick(MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  for (auto* subject : {&handshakes_, &turned_away_, &not_accepted_}) summarize(*subject, subject->report.due(now));
}

void DoorReport::end(MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  for (auto* subject : {&handshakes_, &turned_away_, &not_accepted_}) summarize(*subject, subject->report.take(now));
}

void DoorReport::happened(Subject& subject, std::string first, std::string_view latest) {
  const std::lock_guard lock(mutex_);
  subject.latest = latest;
  if (subject.report.happened(std::chrono::steady_clock::now()))
    observer_.event(LogLevel::warning, "ingress", std::move(first) + "; more of them are told once a minute");
}

void DoorReport::summarize(Subject& subject, std::optional<std::uint64_t> number) {
  if (!number) return;
  observer_.event(LogLevel::warning, "ingress",
                  std::to_string(*number) + " more " + subject.many + ", the latest: " + subject.latest);
}

}  // namespace fulfilld
