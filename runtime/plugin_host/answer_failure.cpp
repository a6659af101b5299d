// SPDX-License-Identifier: Apache-2.0
#include "runtime/plugin_host/answer_failure.hpp"

#include <string_view>

#include "actors/policy/retry_plan.hpp"

namespace fulfilld {
namespace {

constexpr std::size_t kBodyExcerpt = 200;

/// At most that many bytes, without cutting a UTF-8 sequence in two.
std::string_view excerpt(std::string_view text) {
  if (text.size() <= kBodyExcerpt) return text;
  std::size_t end = kBodyExcerpt;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace

AnswerFailure failure_of(const HttpAnswer& answer) {
  const Reason reason = answer.doubt == Doubt::none ? classify(answer) : Reason::outcome_unknown;
  if (reason == Reason::none) return {};
  if (answer.failure == HttpFailure::none) {
    std::string message = "the backend answered " + std::to_string(answer.status);
    if (answer.doubt == Doubt::of_an_earlier) message.append(" to a repetition of what may have been carried out");
    if (!answer.body.empty()) message.append(": ").append(excerpt(answer.body));
    if (!answer.detail.empty()) message.append(" (").append(answer.detail).append(")");
    return {reason, std::move(message)};
  }
  std::string message(text(reason));
  if (!answer.detail.empty() && answer.detail != message) message.append(": ").append(answer.detail);
  return {reason, std::move(message)};
}

}  // namespace fulfilld
