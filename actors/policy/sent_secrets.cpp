// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/sent_secrets.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "actors/policy/base64.hpp"
#include "actors/policy/escaped_text.hpp"

namespace fulfilld {
namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

/// Without regard to case, and to what stands between the words of a name.
std::string plain(std::string_view name) {
  std::string text;
  for (const char c : name)
    if (c != '-' && c != '_' && c != '.') text += lower(c);
  return text;
}

bool names_a_secret(std::string_view name) {
  constexpr std::array<std::string_view, 11> ends = {"token",     "apikey",    "accesskey", "subscriptionkey",
                                                     "password",  "passwd",    "secret",    "cookie",
                                                     "signature", "sessionid", "jwt"};
  constexpr std::array<std::string_view, 3> whole = {"key", "sig", "pwd"};
  const std::string known = plain(name);
  return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return known.ends_with(end); }) ||
         std::find(whole.begin(), whole.end(), known) != whole.end();
}

/// Both parts of `text` around the first of those characters; all of it is the first where there is none.
std::pair<std::string_view, std::string_view> split(std::string_view text, std::string_view at) {
  const auto found = text.find(at);
  if (found == std::string_view::npos) return {text, {}};
  return {text.substr(0, found), text.substr(found + at.size())};
}

void add_credentials(std::string_view authorization, std::vector<std::string>& secrets) {
  const auto [scheme, rest] = split(authorization, " ");
  const auto credentials = rest.empty() ? authorization : rest;
  secrets.emplace_back(credentials);
  if (plain(scheme) != "basic") return;
  if (const auto pair = from_base64(credentials)) secrets.emplace_back(split(*pair, ":").second);
}

std::string unescaped(std::string_view value) {
  std::string text;
  while (!value.empty()) {
    const auto meant = value.front() == '%' || value.front() == '+' ? unescape(value, 0) : Unescaped{};
    text.append(meant.count > 0 ? std::string_view(meant.bytes.data(), meant.count) : value.substr(0, 1));
    value.remove_prefix(std::max<std::size_t>(meant.length, 1));
  }
  return text;
}

}  // namespace

void add_secrets_in(const SentHead& head, std::vector<std::string>& secrets) {
  if (!head.authorization.empty()) add_credentials(head.authorization, secrets);
  for (std::string_view left = head.header_lines; !left.empty();) {
    const auto [line, rest] = split(left, "\r\n");
    const auto [name, value] = split(line, ": ");
    if (plain(name).ends_with("authorization"))
      add_credentials(value, secrets);
    else if (names_a_secret(name))
      secrets.emplace_back(value);
    left = rest;
  }
  for (std::string_view left = split(head.target, "?").second; !left.empty();) {
    const auto [parameter, rest] = split(left, "&");
    const auto [name, value] = split(parameter, "=");
    if (names_a_secret(name)) secrets.push_back(unescaped(value));
    left = rest;
  }
}

}  // namespace fulfilld
