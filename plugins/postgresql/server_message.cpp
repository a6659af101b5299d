// SPDX-License-Identifier: Apache-2.0
#include "server_message.hpp"

#include <algorithm>
#include <cstddef>
#include <fulfill/json.hpp>

#include "error_codes.hpp"

namespace postgresql {
namespace {

constexpr std::size_t kLongest = 300;

bool is_state(std::string_view text) {
  return text.size() == kStateSize &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

}  // namespace

std::string shown(std::string_view words) {
  // Before the encoding is agreed upon, a server speaks in that of its locale.
  const std::string escaped =
      fulfill::Json(std::string(words)).dump(-1, ' ', false, fulfill::Json::error_handler_t::replace);
  std::string text = fulfill::Json::parse(escaped).get<std::string>();
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  std::replace_if(text.begin(), text.end(), is_control, ' ');
  if (text.size() > kLongest) {
    std::size_t end = kLongest;
    while (end > 0 && continues_character(text[end])) --end;
    text = text.substr(0, end) + "...";
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

ConnectMessage::ConnectMessage(std::string_view text) {
  // With several addresses there is a sentence for each; the last one to be tried is the one that counts.
  for (std::size_t at = text.rfind(":  "); at != std::string_view::npos && at > 0; at = text.rfind(":  ", at - 1)) {
    const std::string_view rest = text.substr(at + 3);
    if (rest.size() < kStateSize + 2 || !is_state(rest.substr(0, kStateSize))) continue;
    if (rest.substr(kStateSize, 2) != ": ") continue;
    state_ = rest.substr(0, kStateSize);
    const std::string_view sentence = rest.substr(kStateSize + 2);
    text_ = shown(sentence.substr(0, sentence.find('\n')));
    return;
  }
  text_ = shown(text.substr(0, text.find('\n')));
  if (text_.empty()) text_ = "the server closed the connection";
}

}  // namespace postgresql
