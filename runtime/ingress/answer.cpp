// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/answer.hpp"

#include <Poco/Net/HTTPResponse.h>

#include <array>
#include <charconv>

namespace fulfilld {
namespace {

void append_number(std::string& text, std::size_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  text.append(digits.data(), end);
}

void append_header(std::string& bytes, std::string_view name, std::string_view value) {
  bytes.append(name).append(": ").append(value).append("\r\n");
}

const std::string& phrase(int status) {
  return Poco::Net::HTTPResponse::getReasonForStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(status));
}

}  // namespace

Answer error_answer(Reason reason, std::string_view detail) {
  Answer answer;
  answer.status = http_status(reason);
  if (answer.status == 503) answer.retry_after = fault_retry_after;
  // RFC 9110, section 15.5.16: it is the coding that is wrong, not the media type.
  if (reason == Reason::unsupported_content_encoding) answer.accept_encoding = "identity";
  answer.body = "{\"error\":";
  append_json_string(answer.body, text(reason));
  answer.body += ",\"code\":";
  append_json_string(answer.body, code(reason));
  if (!detail.empty()) {
    answer.body += ",\"detail\":";
    append_json_string(answer.body, detail);
  }
  answer.body += '}';
  return answer;
}

Answer refusal_answer(const Refusal& refusal) {
  auto answer = error_answer(refusal.reason, refusal.detail);
  answer.retry_after = refusal.retry_after;
  return answer;
}

void append_http(std::string& bytes, const Answer& answer, const AnswerFraming& framing) {
  bytes += "HTTP/1.1 ";
  append_number(bytes, static_cast<std::size_t>(answer.status));
  bytes.append(" ").append(phrase(answer.status)).append("\r\n");
  if (!framing.date.empty()) append_header(bytes, "Date", framing.date);
  bytes += "Content-Type: application/json\r\nContent-Length: ";
  append_number(bytes, answer.body.size());
  bytes += "\r\n";
  if (!answer.allow.empty()) append_header(bytes, "Allow", answer.allow);
  if (!answer.accept_encoding.empty()) append_header(bytes, "Accept-Encoding", answer.accept_encoding);
  if (answer.retry_after.count() > 0) {
    bytes += "Retry-After: ";
    append_number(bytes, static_cast<std::size_t>(answer.retry_after.count()));
    bytes += "\r\n";
  }
  if (framing.last) {
    append_header(bytes, "Connection", "close");
  } else if (framing.say_keep_alive) {
    append_header(bytes, "Connection", "keep-alive");
  }
  bytes += "\r\n";
  if (!framing.head_only) bytes += answer.body;
}

void append_json_string(std::string& json, std::string_view text) {
  json += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (c == '\n') {
      json += "\\n";
    } else {
      json += c >= 0x20 && c < 0x7f ? c : '?';
    }
  }
  json += '"';
}

}  // namespace fulfilld
