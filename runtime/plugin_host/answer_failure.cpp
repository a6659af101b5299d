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

Reason reason_of(const HttpAnswer& answer, OperationClass operation) {
  const bool left_open = operation == OperationClass::unsafe && answer.failure != HttpFailure::none &&
                         !may_retry(answer, OperationClass::unsafe) && may_retry(answer, OperationClass::idempotent);
  return left_open ? Reason::outcome_unknown : classify(answer);
}

}  // namespace

AnswerFailure failure_of(const HttpAnswer& answer, OperationClass operation) {
  const Reason reason = reason_of(answer, operation);
  if (reason == Reason::none) return {};
  if (answer.failure == HttpFailure::none) {
    std::string message = "the backend answered " + std::to_string(answer.status);
    if (!answer.body.empty()) message.append(": ").append(excerpt(answer.body));
    if (!answer.detail.empty()) message.append(" (").append(answer.detail).append(")");
    return {reason, std::move(message)};
  }
  std::string message(text(reason));
  if (!answer.detail.empty() && answer.detail != message) message.append(": ").append(answer.detail);
  return {reason, std::move(message)};
}

}  // namespace fulfilld
