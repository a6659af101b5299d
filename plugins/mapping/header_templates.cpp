// SPDX-License-Identifier: Apache-2.0
#include "header_templates.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace mapping {
namespace {

constexpr std::size_t kLongestHeader = 8192;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

/// RFC 9110, 5.6.2.
bool is_token(std::string_view name) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    const char l = lower(c);
    return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || kMarks.find(c) != std::string_view::npos;
  });
}

bool is_hosts_own(std::string_view name) {
  constexpr std::array<std::string_view, 10> kOwn = {
      "Host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Proxy-Connection",
      "TE",   "Trailer",        "Upgrade",           "Expect"};
  return std::any_of(kOwn.begin(), kOwn.end(), [&](std::string_view own) { return same(own, name); });
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  });
}

std::string checked(const Place& place, std::string value) {
  if (has_control_character(value)) throw place.reference().failure("holds a control character: it is for a header");
  if (value.size() > kLongestHeader) throw place.reference().failure("is longer than 8 KiB: it is for a header");
  return value;
}

std::string checked_username(const Place& place, std::string value) {
  if (value.find(':') != std::string::npos) throw place.reference().failure("holds a colon: it is for a user name");
  return checked(place, std::move(value));
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = i; k < i + 3; ++k)
      group = group << 8 | (k < bytes.size() ? static_cast<unsigned char>(bytes[k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) text += i + k <= bytes.size() ? kDigits[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

}  // namespace

HeaderTemplates::HeaderTemplates(const Section& section, const Sources& sources) {
  for (const auto& header : section.entries("headers")) {
    if (!is_token(header.name())) throw wrong_setting(header.setting(), "is no name of a header field");
    if (is_hosts_own(header.name())) throw wrong_setting(header.setting(), "belongs to the host and cannot be set");
    if (has(header.name())) throw wrong_setting(header.setting(), "is set twice");
    TextTemplate value(header.setting(), header.text(), sources);
    if (has_control_character(value.sample())) throw wrong_setting(header.setting(), "holds a control character");
    headers_.emplace_back(header.name(), std::move(value));
  }
  const auto username = section.find("username");
  if (!username) return;
  if (has("Authorization")) section.refuse("username", "must not be set together with headers.Authorization");
  username_.emplace(section.full("username"), *username, sources);
  if (username_->has_optional_place()) section.refuse("username", "has an optional place; give it a default");
  if (const auto sample = username_->sample(); sample.find(':') != std::string::npos || has_control_character(sample))
    section.refuse("username", "must hold neither colons nor control characters");
  password_ = sources.reference(section.full("username"), "secret:password", Reference::Source::input);
}

bool HeaderTemplates::has(std::string_view name) const noexcept {
  return std::any_of(headers_.begin(), headers_.end(), [&](const auto& header) { return same(header.first, name); });
}

void HeaderTemplates::add_to(fulfill::Request& request, const Values& values) const {
  for (const auto& [name, text] : headers_)
    if (auto value = text.render(values, checked)) request.header(name, std::move(*value));
  if (!username_) return;
  const std::string username = username_->render(values, checked_username).value_or("");
  const std::string pair = username + ":" + std::string(values.word(*password_));
  request.header("Authorization", "Basic " + base64(pair));
}

}  // namespace mapping
