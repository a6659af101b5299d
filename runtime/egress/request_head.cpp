// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/request_head.hpp"

#include <strings.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace fulfilld {
namespace {

using namespace std::string_view_literals;

bool has_no_controls(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool is_one_word(std::string_view text) noexcept {
  return !text.empty() && text.find(' ') == std::string_view::npos && has_no_controls(text);
}

constexpr std::array<std::string_view, 3> looked_for = {"Idempotency-Key", "Accept-Encoding", "User-Agent"};
enum LookedFor : unsigned { idempotency_key = 1, accept_encoding = 2, user_agent_field = 4 };

unsigned field_at(std::string_view lines) noexcept {
  const char first = static_cast<char>(lines.front() | 0x20);
  if (first != 'i' && first != 'a' && first != 'u') return 0;  // nearly all of them
  for (std::size_t i = 0; i < looked_for.size(); ++i) {
    const auto name = looked_for[i];
    if (lines.size() > name.size() && lines[name.size()] == ':' &&
        ::strncasecmp(lines.data(), name.data(), name.size()) == 0)
      return 1U << i;
  }
  return 0;
}

/// Which of those names the `Name: value\r\n` lines have.
unsigned fields_in(std::string_view lines) noexcept {
  unsigned found = 0;
  while (!lines.empty()) {
    found |= field_at(lines);
    const auto end = lines.find('\n');
    if (end == std::string_view::npos) return found;
    lines.remove_prefix(end + 1);
  }
  return found;
}

}  // namespace

void write_request_head(const HttpRequest& request, std::string_view user_agent, std::string& head) {
  const unsigned own = fields_in(request.header_lines);
  head.assign(request.method).append(" "sv).append(request.url.target).append(" HTTP/1.1\r\nHost: "sv);
  head.append(request.url.authority).append("\r\nConnection: keep-alive\r\n"sv);
  if ((own & accept_encoding) == 0) head.append("Accept-Encoding: gzip, deflate\r\n"sv);
  if ((own & user_agent_field) == 0) head.append(user_agent);
  head.append(request.header_lines);
  if (request.body) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), request.body->size()).ptr;
    head.append("Content-Length: "sv).append(digits.data(), end).append("\r\n"sv);
  }
  if (!request.authorization.empty()) head.append("Authorization: "sv).append(request.authorization).append("\r\n"sv);
  head.append("\r\n"sv);
}

bool is_safe_to_write(const HttpRequest& request) noexcept {
  return is_one_word(request.method) && is_one_word(request.url.target) && is_one_word(request.url.authority) &&
         has_no_controls(request.authorization);
}

bool may_be_sent_twice(const HttpRequest& request) noexcept {
  static constexpr std::array<std::string_view, 6> idempotent = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"};
  return std::find(idempotent.begin(), idempotent.end(), request.method) != idempotent.end() ||
         (fields_in(request.header_lines) & idempotency_key) != 0;
}

}  // namespace fulfilld
