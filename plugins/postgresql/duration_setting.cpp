// SPDX-License-Identifier: Apache-2.0
#include "duration_setting.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace postgresql {
namespace {

using std::chrono::milliseconds;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> kUnits{
    {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};

std::optional<milliseconds> parse_duration(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || number < 0) return std::nullopt;
  const std::string_view name(rest, static_cast<std::size_t>(end - rest));
  for (const auto& [unit, factor] : kUnits)
    if (unit == name && number <= std::numeric_limits<std::int64_t>::max() / factor)
      return milliseconds(number * factor);
  return std::nullopt;
}

}  // namespace

milliseconds duration_setting(const fulfill::Settings& settings, std::string_view name, std::string_view least,
                              std::string_view most, std::string_view otherwise) {
  const std::string text = settings.text(name, otherwise);
  const auto duration = parse_duration(text);
  if (duration && *duration >= parse_duration(least).value() && *duration <= parse_duration(most).value())
    return *duration;
  throw fulfill::SettingError("setting \"" + std::string(name) + "\" is \"" + text + "\"; it must be a duration from " +
                              std::string(least) + " to " + std::string(most) + ", such as \"" +
                              std::string(otherwise) + "\"");
}

}  // namespace postgresql
