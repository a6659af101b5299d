// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "actors/policy/reason.hpp"

namespace fulfilld {

/// An HTTP answer before it is written down. Its body is always JSON.
struct Answer {
  int status = 200;
  std::string body;
  std::string_view allow;  ///< value of the Allow header, or empty
};

/// How an answer is put onto the wire.
struct AnswerFraming {
  bool last = false;            ///< the connection closes after it
  bool head_only = false;       ///< to a HEAD request
  bool say_keep_alive = false;  ///< to an HTTP/1.0 client that asked for it
  std::string_view date = {};   ///< value of the Date header, or empty
};

/// `{"error":<text>,"code":<reason code>,"detail":<detail>}` under the reason's status; no `detail` if it is empty.
[[nodiscard]] Answer error_answer(Reason reason, std::string_view detail = {});

/// Appends the whole HTTP/1.1 message. A 503 always has a Retry-After.
void append_http(std::string& bytes, const Answer& answer, const AnswerFraming& framing);

/// Appends a JSON string with its quotes. For our own sentences: what is not printable ASCII becomes '?'.
void append_json_string(std::string& json, std::string_view text);

}  // namespace fulfilld
