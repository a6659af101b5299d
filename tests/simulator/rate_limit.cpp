// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/rate_limit.hpp"

#include "tests/simulator/read_json.hpp"

namespace fulfilld::simulator {

std::optional<RateLimitSettings> parse_rate_limit(const nlohmann::json& json) {
  if (json.is_null()) return std::nullopt;
  RateLimitSettings settings;
  read_members(json,
               {
                   {"allowed", [&](const nlohmann::json& v) { settings.allowed = read_count(v); }},
                   {"window_ms",
                    [&](const nlohmann::json& v) { settings.window = std::chrono::milliseconds(read_count(v, 1)); }},
               });
  return settings;
}

void RateLimit::set(std::optional<RateLimitSettings> settings) {
  if (settings == settings_) return;
  settings_ = settings;
  windows_.clear();
}

std::optional<RateLimit::Verdict> RateLimit::enter(const std::string& key, Time now) {
  if (!settings_) return std::nullopt;
  Window& window = windows_[key];
  if (now >= window.end) window = {now + settings_->window, 0};
  const bool permitted = window.count < settings_->allowed;
  if (permitted) ++window.count;
  return Verdict{permitted, window.count, settings_->allowed,
                 std::chrono::ceil<std::chrono::seconds>(window.end - now)};
}

}  // namespace fulfilld::simulator
