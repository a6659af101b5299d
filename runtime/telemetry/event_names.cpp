// SPDX-License-Identifier: Apache-2.0
#include "runtime/telemetry/event_names.hpp"

namespace fulfilld {

std::string_view name(Direction direction) noexcept { return direction == Direction::backend ? "backend" : "callback"; }

std::string_view name(HttpFailure failure) noexcept {
  switch (failure) {
    case HttpFailure::none:
      return "";
    case HttpFailure::resolve:
      return "resolve";
    case HttpFailure::connect:
      return "connect";
    case HttpFailure::tls:
      return "tls";
    case HttpFailure::timeout:
      return "timeout";
    case HttpFailure::reset:
      return "reset";
    case HttpFailure::bad_answer:
      return "bad_answer";
    case HttpFailure::too_large:
      return "too_large";
    case HttpFailure::no_socket:
      return "no_socket";
    case HttpFailure::cancelled:
      return "cancelled";
    case HttpFailure::turned_away:
      return "turned_away";
  }
  return "unknown";
}

std::string_view name(HandshakeFailure failure) noexcept {
  switch (failure) {
    case HandshakeFailure::plain_http:
      return "plain_http";
    case HandshakeFailure::nothing_in_common:
      return "nothing_in_common";
    case HandshakeFailure::certificate_refused:
      return "certificate_refused";
    case HandshakeFailure::broken_off:
      return "broken_off";
    case HandshakeFailure::too_slow:
      return "too_slow";
    case HandshakeFailure::other:
      break;
  }
  return "other";
}

std::string_view name(TargetChange change) noexcept {
  switch (change) {
    case TargetChange::breaker_opened:
      return "breaker_opened";
    case TargetChange::breaker_half_open:
      return "breaker_half_open";
    case TargetChange::breaker_closed:
      return "breaker_closed";
    case TargetChange::closed:
    case TargetChange::closed_again:
    case TargetChange::closed_for_longer:
      return "target_closed";
    case TargetChange::reopened:
      return "target_reopened";
    case TargetChange::rate_cut:
    case TargetChange::rate_cut_again:
      return "rate_cut";
    case TargetChange::rate_restored:
      break;
  }
  return "rate_restored";
}

}  // namespace fulfilld
