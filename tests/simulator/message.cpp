// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/message.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>

namespace fulfilld::simulator {

std::string_view Request::field(std::string_view name) const noexcept {
  const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  for (const auto& [key, value] : fields)
    if (std::equal(key.begin(), key.end(), name.begin(), name.end(), same)) return value;
  return {};
}

std::string percent_decoded(std::string_view text, bool plus_is_space) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr == text.data() + i + 3) {
      decoded += static_cast<char>(byte);
      i += 2;
    } else {
      decoded += text[i] == '+' && plus_is_space ? ' ' : text[i];
    }
  }
  return decoded;
}

std::map<std::string, std::string> parse_form(std::string_view text) {
  std::map<std::string, std::string> form;
  while (!text.empty()) {
    const auto part = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    const auto equals = part.find('=');
    const auto value = equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1);
    form[percent_decoded(part.substr(0, equals), true)] = percent_decoded(value, true);
  }
  return form;
}

std::string http_date_in(double seconds) {
  const auto now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  const auto when = static_cast<std::time_t>(std::ceil(now + seconds));
  std::tm utc{};
  gmtime_r(&when, &utc);
  std::array<char, 40> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

Reply error_reply(int status, std::string_view code, std::string_view message) {
  Reply reply;
  reply.status = status;
  reply.body = nlohmann::ordered_json{{"message", message}, {"code", code}, {"status", status}}.dump();
  return reply;
}

}  // namespace fulfilld::simulator
