// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/server_quota.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace fulfilld {
namespace {

constexpr std::chrono::seconds longest_window = std::chrono::hours{1};

std::optional<std::uint32_t> read_number(const HttpAnswer& answer, std::string_view name) noexcept {
  const std::string_view text = answer.field(name);
  std::uint32_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<QuotaReport> read_quota(const HttpAnswer& answer) noexcept {
  const auto count = read_number(answer, "inin-ratelimit-count");
  const auto allowed = read_number(answer, "inin-ratelimit-allowed");
  const auto reset = read_number(answer, "inin-ratelimit-reset");
  if (!count || !allowed || !reset || *allowed == 0 || std::chrono::seconds{*reset} > longest_window)
    return std::nullopt;
  return QuotaReport{*count, *allowed, std::chrono::seconds{*reset}};
}

MonotonicTime ServerQuota::next(MonotonicTime now) const noexcept {
  const bool some_left = std::uint64_t{counted_} + in_flight_ < allowed_;
  return some_left ? now : std::max(now, until_);
}

void ServerQuota::enter() noexcept { ++in_flight_; }

void ServerQuota::leave(const std::optional<QuotaReport>& report, MonotonicTime now) noexcept {
  if (in_flight_ > 0) --in_flight_;
  if (!report) return;
  if (now >= until_) {
    until_ = now + std::clamp(report->reset, std::chrono::seconds{0}, longest_window);
    counted_ = 0;
  }
  counted_ = std::max(counted_, report->count);
  allowed_ = report->allowed;
}

}  // namespace fulfilld
