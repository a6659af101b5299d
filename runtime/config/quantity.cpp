// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/quantity.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <span>

#include "runtime/config/toml_text.hpp"

namespace fulfilld {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

// Smallest first.
constexpr std::array<Unit, 5> duration_units{
    {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::array<Unit, 4> size_units{{{"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}}};
constexpr std::array<Unit, 3> rate_units{{{"s", 1000}, {"min", 60'000}, {"h", 3'600'000}}};

std::optional<std::int64_t> factor_of(std::span<const Unit> units, std::string_view name) noexcept {
  for (const auto& unit : units)
    if (unit.name == name) return unit.factor;
  return std::nullopt;
}

std::optional<std::int64_t> parse_whole(std::string_view text, std::span<const Unit> units) noexcept {
  std::int64_t number = 0;
  const auto* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || number < 0) return std::nullopt;
  const auto factor = factor_of(units, {rest, static_cast<std::size_t>(end - rest)});
  if (!factor || number > std::numeric_limits<std::int64_t>::max() / *factor) return std::nullopt;
  return number * *factor;
}

std::string whole_text(std::int64_t number, std::span<const Unit> units, const Unit& zero) {
  if (number == 0) return '0' + std::string(zero.name);
  std::size_t largest = 0;
  for (std::size_t i = 0; i < units.size(); ++i)
    if (number % units[i].factor == 0) largest = i;
  return std::to_string(number / units[largest].factor) + std::string(units[largest].name);
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept {
  const auto number = parse_whole(text, duration_units);
  return number ? std::optional(std::chrono::milliseconds(*number)) : std::nullopt;
}

std::string duration_text(std::chrono::milliseconds duration) {
  return whole_text(duration.count(), duration_units, duration_units[1]);
}

std::optional<std::uint64_t> parse_size(std::string_view text) noexcept {
  const auto number = parse_whole(text, size_units);
  return number ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
}

std::string size_text(std::uint64_t bytes) {
  return whole_text(static_cast<std::int64_t>(bytes), size_units, size_units[0]);
}

std::optional<Rate> parse_rate(std::string_view text) noexcept {
  if (text == "none") return Rate{};
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  Rate rate;
  const auto* const end = text.data() + slash;
  const auto [rest, error] = std::from_chars(text.data(), end, rate.count, std::chars_format::fixed);
  const auto period = factor_of(rate_units, text.substr(slash + 1));
  constexpr double most = 1e9;
  if (error != std::errc() || rest != end || !(rate.count > 0) || rate.count > most || !period) return std::nullopt;
  rate.period = std::chrono::milliseconds(*period);
  return rate;
}

std::string rate_text(const Rate& rate) {
  if (!rate.limited()) return "none";
  for (const auto& unit : rate_units)
    if (unit.factor == rate.period.count()) return number_text(rate.count) + '/' + std::string(unit.name);
  return number_text(rate.count * 1000 / static_cast<double>(rate.period.count())) + "/s";
}

}  // namespace fulfilld
