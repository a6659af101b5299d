// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <ctime>

namespace fulfilld {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds longest = std::chrono::hours{240};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool same_letter(char a, char lower) noexcept { return (a | 0x20) == lower; }

std::string_view trimmed(std::string_view text) noexcept {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

/// A named zone of RFC 5322, 4.3: how far it is ahead of UTC.
std::optional<seconds> named_zone(std::string_view name) noexcept {
  struct Zone {
    std::string_view name;
    int hours;
  };
  constexpr std::array zones{Zone{"gmt", 0},  Zone{"utc", 0},  Zone{"ut", 0},   Zone{"z", 0},
                             Zone{"edt", -4}, Zone{"est", -5}, Zone{"cdt", -5}, Zone{"cst", -6},
                             Zone{"mdt", -6}, Zone{"mst", -7}, Zone{"pdt", -7}, Zone{"pst", -8}};
  for (const auto& zone : zones)
    if (std::equal(name.begin(), name.end(), zone.name.begin(), zone.name.end(), same_letter))
      return std::chrono::hours{zone.hours};
  return std::nullopt;
}

/// `+0200` or `-02:00`: how far that is ahead of UTC.
std::optional<seconds> numeric_zone(std::string_view text) noexcept {
  std::array<int, 4> digits{};
  std::size_t count = 0;
  for (const char c : text.substr(1)) {
    if (c == ':' && count == 2) continue;
    if (!is_digit(c) || count == digits.size()) return std::nullopt;
    digits[count++] = c - '0';
  }
  const int minutes = 10 * digits[2] + digits[3];
  if (count != digits.size() || minutes > 59) return std::nullopt;
  const seconds ahead = std::chrono::hours{10 * digits[0] + digits[1]} + std::chrono::minutes{minutes};
  return text.front() == '-' ? -ahead : ahead;
}

/// What stands behind a date: its zone, perhaps with a comment in parentheses. None is GMT, as the standard knows no
/// other; `GMT+0200` is how JavaScript writes `+0200`.
std::optional<seconds> parse_zone(std::string_view rest) noexcept {
  std::string_view text = trimmed(rest.ends_with(')') ? rest.substr(0, rest.find('(')) : rest);
  if (text.empty()) return seconds{0};
  if (text.starts_with("GMT+") || text.starts_with("GMT-")) text.remove_prefix(3);
  return text.front() == '+' || text.front() == '-' ? numeric_zone(text) : named_zone(text);
}

/// Takes a fraction of a second off the front; it counts as a whole one.
seconds take_fraction(std::string_view& rest) noexcept {
  if (rest.size() < 2 || rest.front() != '.' || !is_digit(rest[1])) return seconds{0};
  const auto* const end = std::find_if_not(rest.begin() + 1, rest.end(), is_digit);
  const bool counts = std::any_of(rest.begin() + 1, end, [](char c) { return c != '0'; });
  rest.remove_prefix(static_cast<std::size_t>(end - rest.begin()));
  return seconds{counts ? 1 : 0};
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
  std::array<char, 96> buffer{};
  if (text.size() >= buffer.size()) return std::nullopt;
  std::copy(text.begin(), text.end(), buffer.begin());
  // IMF-fixdate, RFC 850, asctime. Then what is no HTTP, but sent: RFC 5322 without a day, a year of four digits in
  // RFC 850, the texts of JavaScript and Java, ISO 8601. The process never leaves the C locale: names are English.
  for (const char* format :
       {"%a, %d %b %Y %H:%M:%S", "%A, %d-%b-%y %H:%M:%S", "%a %b %d %H:%M:%S %Y", "%d %b %Y %H:%M:%S",
        "%A, %d-%b-%Y %H:%M:%S", "%a %b %d %Y %H:%M:%S", "%a %b %d %H:%M:%S GMT %Y", "%a %b %d %H:%M:%S UTC %Y",
        "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"}) {
    std::tm parts{};
    const char* end = strptime(buffer.data(), format, &parts);
    if (end == nullptr) continue;
    std::string_view rest = text.substr(static_cast<std::size_t>(end - buffer.data()));
    const seconds fraction = take_fraction(rest);
    const auto ahead = parse_zone(rest);
    if (ahead) return WallTime{seconds{timegm(&parts)} + fraction - *ahead};
  }
  return std::nullopt;
}

/// A single one of the values that may stand in a list.
std::optional<milliseconds> parse_one(std::string_view value, WallTime now) noexcept {
  const std::string_view text = trimmed(value);
  if (text.empty()) return std::nullopt;
  if (const auto told = is_digit(text.front()) ? parse_seconds(text) : std::nullopt) return told;
  const auto then = parse_date(text);
  if (!then) return std::nullopt;
  return std::clamp<milliseconds>(*then - now, milliseconds{0}, longest);
}

bool names_a_day(std::string_view word) noexcept {
  constexpr std::array days{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  return std::any_of(days.begin(), days.end(), [&](std::string_view day) {
    const auto begin = word.substr(0, day.size());
    return std::equal(begin.begin(), begin.end(), day.begin(), day.end(), same_letter);
  });
}

/// The first value of a list. A date has a comma of its own, after the name of its day.
std::string_view first_of_list(std::string_view list) noexcept {
  const auto comma = list.find(',');
  const bool within_date = comma != std::string_view::npos && names_a_day(trimmed(list.substr(0, comma))) &&
                           list.substr(0, comma).find(':') == std::string_view::npos;
  return list.substr(0, within_date ? list.find(',', comma + 1) : comma);
}

bool is_retry_after(std::string_view name) noexcept {
  constexpr std::string_view lower = "retry-after";
  return std::equal(name.begin(), name.end(), lower.begin(), lower.end(), same_letter);
}

}  // namespace

std::optional<milliseconds> parse_retry_after(std::string_view value, WallTime now) noexcept {
  std::optional<milliseconds> wait;
  while (true) {
    const std::string_view first = first_of_list(value);
    wait = std::max(wait, parse_one(first, now));
    if (first.size() == value.size()) return wait;
    value.remove_prefix(first.size() + 1);
  }
}

std::optional<milliseconds> retry_after(const HttpAnswer& answer, WallTime now) noexcept {
  std::optional<milliseconds> wait;
  for (const auto& field : answer.fields)
    if (is_retry_after(field.name))
      wait = std::max(wait, parse_retry_after(field.value, parse_date(answer.field("Date")).value_or(now)));
  return wait;
}

}  // namespace fulfilld
