// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/callback_verdict.hpp"

#include <string>
#include <string_view>

#include "actors/policy/retry_plan.hpp"

namespace fulfilld {
namespace {

/// The name of Genesys Cloud's limit, and the words that servers have for it.
bool blames_the_size(std::string_view body) {
  std::string words(body.substr(0, 4096));
  for (char& c : words) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  for (const auto* phrase : {"request.bytes.max", "too large", "too big", "too long", "maximum size", "size limit"})
    if (words.find(phrase) != std::string::npos) return true;
  return false;
}

}  // namespace

CallbackVerdict judge_callback(const HttpAnswer& answer) noexcept {
  const bool success = answer.status >= 200 && answer.status < 300;
  // A 2xx with more body than anyone wants to read, or one that nobody can read, has been taken all the same.
  if (success && (answer.failure == HttpFailure::none || answer.failure == HttpFailure::too_large ||
                  answer.failure == HttpFailure::bad_answer))
    return CallbackVerdict::taken;
  if (answer.failure != HttpFailure::none) return CallbackVerdict::try_again;
  if (answer.status == 401 || answer.status == 403) return CallbackVerdict::token_refused;
  if (answer.status == 413 || (answer.status == 400 && blames_the_size(answer.body))) return CallbackVerdict::too_large;
  return may_retry(answer, OperationClass::idempotent) ? CallbackVerdict::try_again : CallbackVerdict::refused;
}

}  // namespace fulfilld
