// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/request_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace fulfilld {
namespace {

bool has_no_controls(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool is_one_word(std::string_view text) noexcept {
  return !text.empty() && text.find(' ') == std::string_view::npos && has_no_controls(text);
}

bool is_same_letter(char a, char b) noexcept { return (a | 0x20) == (b | 0x20); }

/// True if one of the `Name: value\r\n` lines has that name.
bool has_field(std::string_view lines, std::string_view name) noexcept {
  while (!lines.empty()) {
    if (lines.size() > name.size() && lines[name.size()] == ':' &&
        std::equal(name.begin(), name.end(), lines.begin(), is_same_letter))
      return true;
    const auto end = lines.find('\n');
    if (end == std::string_view::npos) return false;
    lines.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace

void write_request_head(const HttpRequest& request, std::string& head) {
  head.assign(request.method).append(" ").append(request.url.target).append(" HTTP/1.1\r\nHost: ");
  head.append(request.url.authority).append("\r\n").append(request.header_lines);
  if (request.body) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), request.body->size()).ptr;
    head.append("Content-Length: ").append(digits.data(), end).append("\r\n");
  }
  if (!request.authorization.empty()) head.append("Authorization: ").append(request.authorization).append("\r\n");
  head.append("\r\n");
}

bool is_safe_to_write(const HttpRequest& request) noexcept {
  return is_one_word(request.method) && is_one_word(request.url.target) && is_one_word(request.url.authority) &&
         has_no_controls(request.authorization);
}

bool may_be_sent_twice(const HttpRequest& request) noexcept {
  static constexpr std::array<std::string_view, 6> idempotent = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"};
  return std::find(idempotent.begin(), idempotent.end(), request.method) != idempotent.end() ||
         has_field(request.header_lines, "Idempotency-Key");
}

}  // namespace fulfilld
