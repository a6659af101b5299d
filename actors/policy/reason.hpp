// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace fulfilld {

/// Why something did not succeed. Every error that leaves the process (HTTP answer, callback, journal, log)
/// carries exactly one of these; `code()` is its stable wire name. Values are stored in the journal: never
/// renumber, only add.
enum class Reason : std::uint8_t {
  none = 0,  ///< no error

  // Refused at the door: nothing was accepted, nothing was written.
  bad_request = 1,                    ///< the HTTP message itself is malformed or incomplete
  malformed_json = 2,                 ///< the body is not JSON
  nested_too_deep = 3,                ///< the JSON is nested deeper than 64 levels
  missing_field = 4,                  ///< `fulfillmentUrl` or `data` is absent, or has the wrong type
  unsupported_content_type = 5,       ///< the body is not declared as application/json
  body_too_large = 6,                 ///< more than `server.max_body`
  unknown_action = 7,                 ///< no `[actions.NAME]` of that name
  not_found = 8,                      ///< no such path
  method_not_allowed = 9,             ///< the path exists, the method does not
  url_not_allowed = 10,               ///< fulfillmentUrl is not https, or its host is not on the allow list
  overloaded = 11,                    ///< a bound on work in progress is reached; try again after Retry-After
  journal_unavailable = 12,           ///< the journal cannot be written, so nothing may be accepted
  shutting_down = 13,                 ///< the process is draining
  key_conflict = 14,                  ///< the same key came before with other `data`
  request_timeout = 15,               ///< the client took too long to send its request
  length_required = 16,               ///< Content-Length is unusable
  backlog_too_long = 17,              ///< at its present rate the backend could not serve it before its deadline
  adapter_unavailable = 18,           ///< the action's adapter could not be loaded, or refuses its settings
  unsupported_content_encoding = 19,  ///< the body is compressed, which is not taken

  // Outcome of an execution.
  deadline = 32,                      ///< the execution's deadline passed
  backend_unreachable = 33,           ///< name not resolved, or connection refused or not made in time
  backend_tls = 34,                   ///< TLS handshake or certificate check failed
  backend_timeout = 35,               ///< an attempt's hard limit passed before the answer was complete
  backend_reset = 36,                 ///< the connection broke before the answer was complete
  backend_bad_answer = 37,            ///< the answer is not HTTP, or not what the adapter can read
  backend_redirect = 38,              ///< 3xx: redirects are never followed
  backend_status = 39,                ///< a final status other than 2xx
  answer_too_large = 40,              ///< the answer exceeds the cap
  adapter_failed = 41,                ///< the adapter reported a failure of its own (its code is passed on)
  adapter_fault = 42,                 ///< the adapter threw, or returned something that is not JSON
  outcome_unknown = 43,               ///< an unsafe call may or may not have been carried out
  internal_error = 44,                ///< a defect in fulfilld; the log has more
  retry_after_exceeds_deadline = 45,  ///< the backend asked to wait for longer than the execution may live
  no_token = 46,                      ///< no access token could be had in time
  queue_full = 47,                    ///< too many calls wait for this target
  parked = 48,                        ///< the process died too often while this execution was in flight
  circuit_open = 50,                  ///< the target is taken for broken: the circuit breaker lets no call through
  request_not_allowed = 49,           ///< the adapter asked for a URL that cannot be called
  result_too_large = 51,              ///< the result is larger than `max_result`, or than the platform takes
  no_socket = 60,                     ///< this machine had no descriptor, port or memory for a connection

  // End of a callback.
  callback_refused = 64,  ///< the platform refused the result for good (4xx)
  undeliverable = 65,     ///< the result could not be delivered within the callback's lifetime
};

/// The stable wire name, e.g. `backend_timeout`.
[[nodiscard]] std::string_view code(Reason reason) noexcept;

/// One sentence for a person, without a full stop.
[[nodiscard]] std::string_view text(Reason reason) noexcept;

/// The HTTP status under which this reason is answered.
[[nodiscard]] int http_status(Reason reason) noexcept;

/// The reason with that wire name, or `Reason::internal_error` when there is none.
[[nodiscard]] Reason reason_from_code(std::string_view wire_name) noexcept;

}  // namespace fulfilld
