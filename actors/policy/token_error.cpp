// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/token_error.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fulfill/document.hpp>

namespace fulfilld {
namespace {

using fulfill::Document;

constexpr std::size_t longest_text = 200;
constexpr std::size_t most_words = 3;
constexpr int deepest_words = 4;

// Without underscores and capitals, in the order in which they tell most.
constexpr std::array telling_names{"error",        "fault",   "errorcode", "code",        "errordescription",
                                   "errorsummary", "message", "reason",    "faultstring", "description",
                                   "errormessage", "detail",  "errors"};

void add_word(TokenError& error, std::size_t& count, std::string_view text) {
  auto word = one_line(text);
  if (word.empty() || count == most_words || error.words.find(word) != std::string::npos) return;
  if (++count == 1) error.code = word;
  error.words.append(error.words.empty() ? "" : ": ").append(word);
}

std::string bare_name(const std::string& name) {
  std::string letters;
  for (const char c : name)
    if (c != '_' && c != '-') letters += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return letters;
}

void read_words(const Document& answer, TokenError& error, std::size_t& count, int depth) {
  if (depth == 0) return;
  if (answer.is_array() && !answer.elements().empty())
    return read_words(answer.elements().front(), error, count, depth - 1);
  if (!answer.is_object()) return;
  for (const std::string_view name : telling_names)
    for (const auto& member : answer.members()) {
      if (bare_name(member.name()) != name) continue;
      const Document& value = member.value();
      if (value.is_text())
        add_word(error, count, value.text());
      else if (value.is_number() && value.digits().find_first_of(".eE") == std::string::npos)
        add_word(error, count, value.digits());
      else if (value.is_array() && !value.elements().empty() && value.elements().front().is_text())
        add_word(error, count, value.elements().front().text());
      else
        read_words(value, error, count, depth - 1);
    }
}

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string from_form(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size() && decoded.size() <= longest_text; ++i) {
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high < 0 ? -1 : hex_digit(text[i + 2]);
    if (text[i] == '%' && low >= 0) {
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

/// Some answer in the form of a form, whatever was asked for.
void read_form(std::string_view body, TokenError& error, std::size_t& count) {
  constexpr std::string_view begin = "error=";
  if (!body.starts_with(begin) && body.find("&error=") == std::string_view::npos) return;
  for (const std::string_view name : {begin, std::string_view("error_description=")}) {
    std::string_view rest = body;
    while (!rest.empty()) {
      const auto field = rest.substr(0, rest.find('&'));
      if (field.starts_with(name)) add_word(error, count, from_form(field.substr(name.size())));
      rest.remove_prefix(std::min(rest.size(), field.size() + 1));
    }
  }
}

template <std::size_t size>
bool holds(const std::array<std::string_view, size>& words, const std::string& word) noexcept {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 8> passing_errors{
    "temporarily_unavailable", "server_error", "slow_down",           "too_many_requests",
    "rate_limit_exceeded",     "rate_limited", "service_unavailable", "internal_error"};

constexpr std::array<std::string_view, 9> standard_errors{
    "invalid_client",         "unauthorized_client", "invalid_grant",  "invalid_request",          "invalid_scope",
    "unsupported_grant_type", "access_denied",       "invalid_target", "unsupported_response_type"};

}  // namespace

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > ' ' && byte != 0x7f)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  if (line.size() > longest_text) {
    std::size_t end = longest_text;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
    line.resize(end);
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

TokenError read_token_error(std::string_view body) {
  TokenError error;
  std::size_t count = 0;
  if (const auto answer = Document::parse(body))
    read_words(*answer, error, count, deepest_words);
  else
    read_form(body, error, count);
  return error;
}

bool is_lasting_refusal(int status, const TokenError& error) noexcept {
  if (holds(passing_errors, error.code)) return false;
  // An error that comes with a success says nothing by its status.
  if (status >= 200 && status < 300) return !error.code.empty();
  if (status == 400 || status == 401) return true;
  // A 403 may come from whoever guards the endpoint, a 404 while it is being replaced: only its own word counts.
  return status > 401 && status < 500 && status != 429 && holds(standard_errors, error.code);
}

}  // namespace fulfilld
