// SPDX-License-Identifier: Apache-2.0
#include "runtime/plugin_host/answer_failure.hpp"

#include <cstddef>
#include <fulfill/charset.hpp>
#include <fulfill/request.hpp>
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

/// Of the body, decoded where it says how. Enough of it is decoded for an excerpt in any encoding.
std::string beginning(const HttpAnswer& answer) {
  constexpr std::size_t kEnough = 4 * kBodyExcerpt + 4;
  const std::string_view body = std::string_view(answer.body).substr(0, kEnough);
  try {
    const fulfill::DecodedText text(body, fulfill::charset_of(answer.field("Content-Type")));
    return std::string(excerpt(text.view()));
  } catch (const fulfill::CharsetError&) {
    return std::string(excerpt(body));
  }
}

}  // namespace

AnswerFailure failure_of(const HttpAnswer& answer) {
  const Reason reason = answer.doubt == Doubt::none ? classify(answer) : Reason::outcome_unknown;
  if (reason == Reason::none) return {};
  if (answer.failure == HttpFailure::none) {
    std::string message = "the backend answered " + std::to_string(answer.status);
    if (const auto target = answer.field("Location"); reason == Reason::backend_redirect && !target.empty())
      message.append(" to ").append(fulfill::detail::place_of(target));
    if (answer.doubt == Doubt::of_an_earlier) message.append(" to a repetition of what may have been carried out");
    if (!answer.body.empty()) message.append(": ").append(beginning(answer));
    if (!answer.detail.empty()) message.append(" (").append(answer.detail).append(")");
    return {reason, std::move(message)};
  }
  std::string message(text(reason));
  if (!answer.detail.empty() && answer.detail != message) message.append(": ").append(answer.detail);
  return {reason, std::move(message)};
}

}  // namespace fulfilld
