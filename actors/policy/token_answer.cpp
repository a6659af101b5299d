// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/token_answer.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <fulfill/charset.hpp>
#include <fulfill/document.hpp>
#include <fulfill/request.hpp>

#include "actors/policy/retry_plan.hpp"
#include "actors/policy/token_error.hpp"

namespace fulfilld {
namespace {

using fulfill::Document;
using std::chrono::seconds;

constexpr seconds assumed_lifetime{300};
constexpr std::size_t longest_token = 8000;  // servers take header lines of 8 KiB, few take more
constexpr seconds longest_lifetime = std::chrono::hours{24 * 30};

seconds lifetime_of(const Document& answer) {
  constexpr auto longest = static_cast<double>(longest_lifetime.count());
  const Document* field = answer.find("expires_in");
  double value = 0;
  if (field != nullptr && field->is_number()) value = field->real().value_or(field->digits()[0] == '-' ? 0 : longest);
  if (field != nullptr && field->is_text())
    std::from_chars(field->text().data(), field->text().data() + field->text().size(), value);
  if (!(value >= 1)) return assumed_lifetime;
  return seconds{static_cast<std::int64_t>(std::min(value, longest))};
}

bool printable(std::string_view token) noexcept {
  return std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

/// `Bearer`, however it is spelled; also as Apigee has it. Many leave it out.
bool is_bearer(const Document& answer) {
  const Document* type = answer.find("token_type");
  if (type == nullptr || type->is_null()) return true;
  if (!type->is_text()) return false;
  std::string word = one_line(type->text());
  for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return word == "bearer" || word == "bearertoken";
}

std::string other_type(const Document& type) {
  const std::string name = type.is_text() ? '"' + one_line(type.text()) + '"' : "no text";
  return "its token_type is " + name + ", and only bearer can be used";
}

TokenAnswer not_had(std::string problem, bool lasting = false) {
  return {.problem = std::move(problem), .lasting = lasting};
}

TokenAnswer refused(const HttpAnswer& answer, const TokenError& error) {
  const int status = answer.status;
  std::string problem = "status " + std::to_string(status);
  if (const auto target = answer.field("Location"); status >= 300 && status < 400 && !target.empty())
    problem.append(" to ").append(fulfill::detail::place_of(target)).append(", which is not followed");
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

/// The endpoint's own words; a plain text is one of them, a page is not. `text`: its body, decoded.
TokenError error_in(const HttpAnswer& answer, std::string_view text) {
  TokenError error = read_token_error(text);
  if (error.words.empty() && answer.field("Content-Type").starts_with("text/plain")) error.words = one_line(text);
  return error;
}

/// `text`: its body, decoded.
TokenAnswer read(const HttpAnswer& answer, std::string_view text) {
  if (classify(answer) != Reason::none) return refused(answer, error_in(answer, text));
  const auto body = Document::parse(text);
  const bool is_object = body && body->is_object();
  const Document* found = is_object ? body->find("access_token") : nullptr;
  if (found == nullptr || !found->is_text() || found->text().empty()) {
    // Some say no with a success.
    if (const auto error = read_token_error(text); !error.words.empty()) return refused(answer, error);
    return not_had(is_object ? "the answer holds no access_token" : not_json(answer));
  }
  const auto& token = found->text();
  if (token.size() > longest_token) return not_had("the access_token is too long for a header");
  if (!printable(token)) return not_had("the access_token has forbidden characters");
  if (!is_bearer(*body)) return not_had(other_type(*body->find("token_type")), true);
  return {.access_token = token, .lifetime = lifetime_of(*body)};
}

}  // namespace

TokenAnswer read_token_answer(const HttpAnswer& answer) {
  if (answer.failure != HttpFailure::none)
    return not_had(answer.detail.empty() ? "no answer" : answer.detail, answer.lasting);
  try {
    return read(answer, fulfill::DecodedText(answer.body, fulfill::charset_of(answer.field("Content-Type"))).view());
  } catch (const fulfill::CharsetError& error) {
    const std::string problem = std::string("the answer ") + error.what();
    return classify(answer) == Reason::none ? not_had(problem) : refused(answer, {"", problem});
  }
}

seconds refresh_after(seconds lifetime) noexcept { return std::max(seconds{10}, lifetime * 8 / 10); }

}  // namespace fulfilld
