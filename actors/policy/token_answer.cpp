// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/token_answer.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <nlohmann/json.hpp>

#include "actors/policy/retry_plan.hpp"
#include "actors/policy/token_error.hpp"

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

/// `Bearer`, however it is spelled; also as Apigee has it. Many leave it out.
bool is_bearer(const nlohmann::json& answer) {
  const auto type = answer.find("token_type");
  if (type == answer.end() || type->is_null()) return true;
  if (!type->is_string()) return false;
  std::string word = type->get<std::string>();
  for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return word == "bearer" || word == "bearertoken";
}

std::string other_type(const nlohmann::json& type) {
  const std::string name = type.is_string() ? '"' + one_line(type.get_ref<const std::string&>()) + '"' : "no text";
  return "its token_type is " + name + ", and only bearer can be used";
}

TokenAnswer not_had(std::string problem, bool lasting = false) {
  return {.problem = std::move(problem), .lasting = lasting};
}

TokenAnswer refused(int status, const TokenError& error) {
  std::string problem = "status " + std::to_string(status);
  if (!error.words.empty()) problem += " (" + error.words + ")";
  if (error.code == "invalid_client" || error.code == "unauthorized_client" || (status == 401 && error.code.empty()))
    problem += "; are client_id, client_secret and send_as right?";
  if (status == 404 || status == 405) problem += "; is token_url right?";
  return not_had(std::move(problem), is_lasting_refusal(status, error));
}

std::string not_json(const HttpAnswer& answer) {
  const std::string type = one_line(answer.field("Content-Type"));
  return "the answer is not a JSON object" + (type.empty() ? type : " but " + type) + "; is token_url right?";
}

}  // namespace

TokenAnswer read_token_answer(const HttpAnswer& answer) {
  if (answer.failure != HttpFailure::none)
    return not_had(answer.detail.empty() ? "no answer" : answer.detail, answer.lasting);
  if (classify(answer) != Reason::none) return refused(answer.status, read_token_error(answer.body));
  const auto body = nlohmann::json::parse(answer.body, nullptr, false);
  const auto token = body.is_object() ? body.find("access_token") : body.end();
  if (token == body.end() || !token->is_string() || token->get_ref<const std::string&>().empty()) {
    // Some say no with a success.
    if (const auto error = read_token_error(answer.body); !error.words.empty()) return refused(answer.status, error);
    return not_had(body.is_object() ? "the answer holds no access_token" : not_json(answer));
  }
  const auto& text = token->get_ref<const std::string&>();
  if (text.size() > longest_token) return not_had("the access_token is too long for a header");
  if (!printable(text)) return not_had("the access_token has forbidden characters");
  if (!is_bearer(body)) return not_had(other_type(body.at("token_type")), true);
  return {.access_token = text, .lifetime = lifetime_of(body)};
}

seconds refresh_after(seconds lifetime) noexcept { return std::max(seconds{10}, lifetime * 8 / 10); }

}  // namespace fulfilld
