// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/reason.hpp"

#include <array>

namespace fulfilld {
namespace {

struct Row {
  Reason reason;
  std::string_view code;
  std::string_view text;
  int status;
};

constexpr std::array rows{
    Row{Reason::none, "none", "no error", 200},
    Row{Reason::bad_request, "bad_request", "The HTTP request is malformed or incomplete", 400},
    Row{Reason::malformed_json, "malformed_json", "The body is not valid JSON", 400},
    Row{Reason::nested_too_deep, "nested_too_deep", "The JSON is nested deeper than 64 levels", 400},
    Row{Reason::missing_field, "missing_field", "Missing fulfillmentUrl or data payload", 400},
    Row{Reason::unsupported_content_type, "unsupported_content_type", "Content-Type must be application/json", 415},
    Row{Reason::body_too_large, "body_too_large", "The body is larger than this service accepts", 413},
    Row{Reason::unknown_action, "unknown_action", "No action of that name is configured", 404},
    Row{Reason::not_found, "not_found", "No such path", 404},
    Row{Reason::method_not_allowed, "method_not_allowed", "This path does not take that method", 405},
    Row{Reason::url_not_allowed, "url_not_allowed", "fulfillmentUrl is not allowed", 403},
    Row{Reason::overloaded, "overloaded", "Too much work in progress, try again later", 503},
    Row{Reason::journal_unavailable, "journal_unavailable", "The journal cannot be written, nothing can be accepted",
        503},
    Row{Reason::shutting_down, "shutting_down", "The service is shutting down", 503},
    Row{Reason::key_conflict, "key_conflict", "The same execution was sent before with other data", 409},
    Row{Reason::request_timeout, "request_timeout", "The request was not complete in time", 408},
    Row{Reason::length_required, "length_required", "Content-Length is missing or unusable", 411},
    Row{Reason::backlog_too_long, "backlog_too_long",
        "At its present rate the backend could not serve this before its deadline", 503},
    Row{Reason::adapter_unavailable, "adapter_unavailable",
        "The adapter of this action could not be loaded, see /readyz", 503},
    Row{Reason::unsupported_content_encoding, "unsupported_content_encoding",
        "The body must be sent as it is, without a Content-Encoding", 415},
    Row{Reason::deadline, "deadline", "The deadline of the execution passed", 504},
    Row{Reason::backend_unreachable, "backend_unreachable", "No connection to the backend", 502},
    Row{Reason::backend_tls, "backend_tls", "No trusted TLS connection to the backend", 502},
    Row{Reason::backend_timeout, "backend_timeout", "The backend did not answer in time", 504},
    Row{Reason::backend_reset, "backend_reset", "The connection to the backend broke", 502},
    Row{Reason::backend_bad_answer, "backend_bad_answer", "The answer of the backend could not be understood", 502},
    Row{Reason::backend_redirect, "backend_redirect", "The backend answered with a redirect, which is not followed",
        502},
    Row{Reason::backend_status, "backend_status", "The backend answered with an error status", 502},
    Row{Reason::answer_too_large, "answer_too_large", "The answer of the backend is too large", 502},
    Row{Reason::adapter_failed, "adapter_failed", "The adapter reported a failure", 502},
    Row{Reason::adapter_fault, "adapter_fault", "The adapter is at fault", 500},
    Row{Reason::outcome_unknown, "outcome_unknown", "The backend may or may not have done what was asked", 502},
    Row{Reason::internal_error, "internal_error", "Internal error", 500},
    Row{Reason::retry_after_exceeds_deadline, "retry_after_exceeds_deadline",
        "The backend asked to wait for longer than this execution may take", 504},
    Row{Reason::no_token, "no_token", "No access token could be obtained", 502},
    Row{Reason::queue_full, "queue_full", "Too many calls wait for this target", 503},
    Row{Reason::circuit_open, "circuit_open", "The backend failed too often of late and is not called for now", 503},
    Row{Reason::parked, "parked", "The execution was set aside after repeated crashes", 500},
    Row{Reason::request_not_allowed, "request_not_allowed", "The adapter asked for a request that cannot be made", 500},
    Row{Reason::result_too_large, "result_too_large", "The result is larger than the platform takes", 502},
    Row{Reason::no_socket, "no_socket", "This machine has no socket left for a connection: not the backend's fault",
        503},
    Row{Reason::callback_refused, "callback_refused", "The platform refused the result for good", 502},
    Row{Reason::undeliverable, "undeliverable", "The result could not be delivered in time", 504},
};

constexpr const Row& row_of(Reason reason) noexcept {
  for (const auto& row : rows)
    if (row.reason == reason) return row;
  return row_of(Reason::internal_error);
}

}  // namespace

std::string_view code(Reason reason) noexcept { return row_of(reason).code; }
std::string_view text(Reason reason) noexcept { return row_of(reason).text; }
int http_status(Reason reason) noexcept { return row_of(reason).status; }

Reason reason_from_code(std::string_view wire_name) noexcept {
  for (const auto& row : rows)
    if (row.code == wire_name) return row.reason;
  return Reason::internal_error;
}

}  // namespace fulfilld
