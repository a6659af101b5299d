// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/token_answer.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <nlohmann/json.hpp>

#include "actors/policy/retry_plan.hpp"

namespace fulfilld {
namespace {

using std::chrono::seconds;

constexpr seconds assumed_lifetime{300};
constexpr std::size_t longest_token = 8000;  // servers take header lines of 8 KiB, few take more
constexpr seconds longest_lifetime = std::chrono::hours{24 * 30};

seconds lifetime_of(const nlohmann::json& answer) {
  double value = 0;
  if (const auto field = answer.find("expires_in"); field != answer.end()) {
    if (field->is_number()) value = field->get<double>();
    if (field->is_string()) {
      const auto& text = field->get_ref<const std::string&>();
      std::from_chars(text.data(), text.data() + text.size(), value);
    }
  }
  if (!(value >= 1)) return assumed_lifetime;
  return seconds{static_cast<std::int64_t>(std::min(value, static_cast<double>(longest_lifetime.count())))};
}

bool printable(std::string_view token) noexcept {
  return std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

// The endpoint's own words (RFC 6749, 5.2), which tell a wrong secret from a wrong URL. Never the body as it is:
// it may hold a token.
std::string error_in(const std::string& body) {
  const auto answer = nlohmann::json::parse(body, nullptr, false);
  if (!answer.is_object()) return {};
  std::string words;
  for (const char* name : {"error", "error_description", "description", "code", "message"})
    if (const auto field = answer.find(name); field != answer.end() && field->is_string())
      words += (words.empty() ? " (" : ": ") + field->get<std::string>().substr(0, 200);
  return words.empty() ? words : words + ")";
}

}  // namespace

TokenAnswer read_token_answer(const HttpAnswer& answer) {
  if (answer.failure != HttpFailure::none) return {.problem = answer.detail.empty() ? "no answer" : answer.detail};
  if (classify(answer) != Reason::none)
    return {.problem = "status " + std::to_string(answer.status) + error_in(answer.body)};
  const auto body = nlohmann::json::parse(answer.body, nullptr, false);
  if (!body.is_object()) return {.problem = "the answer is not a JSON object"};
  const auto token = body.find("access_token");
  if (token == body.end() || !token->is_string()) return {.problem = "the answer holds no access_token"};
  const auto& text = token->get_ref<const std::string&>();
  if (text.empty()) return {.problem = "the answer holds no access_token"};
  if (text.size() > longest_token) return {.problem = "the access_token is too long for a header"};
  if (!printable(text)) return {.problem = "the access_token has forbidden characters"};
  return {.access_token = text, .lifetime = lifetime_of(body)};
}

seconds refresh_after(seconds lifetime) noexcept { return std::max(seconds{10}, lifetime * 8 / 10); }

}  // namespace fulfilld
