// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <ctime>

namespace fulfilld {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds longest = std::chrono::hours{240};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

std::string_view trimmed(std::string_view text) noexcept {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<milliseconds> parse_seconds(std::string_view text) noexcept {
  std::uint64_t whole = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (problem == std::errc::invalid_argument) return std::nullopt;
  constexpr auto most = static_cast<std::uint64_t>(longest.count());
  whole = problem == std::errc::result_out_of_range ? most : std::min(whole, most);
  std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (!rest.empty()) {
    if (rest.front() != '.' || rest.size() < 2 || !std::all_of(rest.begin() + 1, rest.end(), is_digit))
      return std::nullopt;
    whole += std::any_of(rest.begin() + 1, rest.end(), [](char c) { return c != '0'; }) ? 1 : 0;
  }
  return seconds{std::min(whole, most)};
}

std::optional<WallTime> parse_date(std::string_view value) noexcept {
  const std::string_view text = trimmed(value);
  std::array<char, 48> buffer{};
  if (text.size() >= buffer.size()) return std::nullopt;
  std::copy(text.begin(), text.end(), buffer.begin());
  // IMF-fixdate, RFC 850, asctime. The process never leaves the C locale, so the names are English.
  for (const char* format : {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"}) {
    std::tm parts{};
    const char* end = strptime(buffer.data(), format, &parts);
    if (end == buffer.data() + text.size()) return WallTime{seconds{timegm(&parts)}};
  }
  return std::nullopt;
}

bool is_retry_after(std::string_view name) noexcept {
  constexpr std::string_view lower = "retry-after";
  const auto same = [](char a, char b) { return (a | 0x20) == b; };
  return std::equal(name.begin(), name.end(), lower.begin(), lower.end(), same);
}

}  // namespace

std::optional<milliseconds> parse_retry_after(std::string_view value, WallTime now) noexcept {
  const std::string_view text = trimmed(value);
  if (text.empty()) return std::nullopt;
  if (is_digit(text.front())) return parse_seconds(text);
  const auto then = parse_date(text);
  if (!then) return std::nullopt;
  return std::clamp<milliseconds>(*then - now, milliseconds{0}, longest);
}

std::optional<milliseconds> retry_after(const HttpAnswer& answer, WallTime now) noexcept {
  std::optional<milliseconds> wait;
  for (const auto& field : answer.fields)
    if (is_retry_after(field.name))
      wait = std::max(wait, parse_retry_after(field.value, parse_date(answer.field("Date")).value_or(now)));
  return wait;
}

}  // namespace fulfilld
