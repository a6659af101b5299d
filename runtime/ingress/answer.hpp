// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "actors/admission.hpp"
#include "actors/policy/reason.hpp"

namespace fulfilld {

/// An HTTP answer before it is written down. Its body is always JSON.
struct Answer {
  int status = 200;
  std::string body;
  std::string_view allow;               ///< value of the Allow header, or empty
  std::string_view accept_encoding;     ///< value of the Accept-Encoding header, or empty
  std::chrono::seconds retry_after{0};  ///< value of the Retry-After header, or 0
};

/// How an answer is put onto the wire.
struct AnswerFraming {
  bool last = false;            ///< the connection closes after it
  bool head_only = false;       ///< to a HEAD request
  bool say_keep_alive = false;  ///< to an HTTP/1.0 client that asked for it
  std::string_view date = {};   ///< value of the Date header, or empty
};

/// How long a client waits before it asks again whether a fault of the surroundings has gone: a full disk, a backlog
/// of commits.
constexpr std::chrono::seconds fault_retry_after{5};

/// `{"error":<text>,"code":<reason code>,"detail":<detail>}` under the reason's status; no `detail` if it is empty.
[[nodiscard]] Answer error_answer(Reason reason, std::string_view detail = {});

/// The answer to an execution that `Admission` refuses.
[[nodiscard]] Answer refusal_answer(const Refusal& refusal);

/// Appends the whole HTTP/1.1 message.
void append_http(std::string& bytes, const Answer& answer, const AnswerFraming& framing);

/// Appends a JSON string with its quotes. For our own sentences: what is not printable ASCII becomes '?'.
void append_json_string(std::string& json, std::string_view text);

}  // namespace fulfilld
