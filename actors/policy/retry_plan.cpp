// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/retry_plan.hpp"

#include <algorithm>

#include "actors/policy/retry_after.hpp"

namespace fulfilld {
namespace {

using std::chrono::milliseconds;

bool turned_away(int status) noexcept { return status == 425 || status == 429 || status == 503; }

bool temporary(int status) noexcept { return status == 408 || status == 425 || status == 429 || status >= 500; }

milliseconds longest_backoff(std::uint32_t next_attempt, const RetryPolicy& policy) noexcept {
  milliseconds delay = policy.backoff;
  for (std::uint32_t n = 2; n < next_attempt && delay.count() > 0 && delay < policy.backoff_max; ++n)
    delay = delay < policy.backoff_max / 2 ? delay * 2 : policy.backoff_max;
  return std::min(delay, policy.backoff_max);
}

}  // namespace

Reason classify(const HttpAnswer& answer) noexcept {
  switch (answer.failure) {
    case HttpFailure::none:
      break;
    case HttpFailure::resolve:
    case HttpFailure::connect:
      return Reason::backend_unreachable;
    case HttpFailure::tls:
      return Reason::backend_tls;
    case HttpFailure::timeout:
      return Reason::backend_timeout;
    case HttpFailure::reset:
      return Reason::backend_reset;
    case HttpFailure::bad_answer:
      return Reason::backend_bad_answer;
    case HttpFailure::too_large:
      return Reason::answer_too_large;
    case HttpFailure::cancelled:
      return Reason::shutting_down;
    case HttpFailure::turned_away:
      return answer.refusal == Reason::none ? Reason::queue_full : answer.refusal;
  }
  if (answer.status >= 200 && answer.status < 300) return Reason::none;
  return answer.status >= 300 && answer.status < 400 ? Reason::backend_redirect : Reason::backend_status;
}

bool may_retry(const HttpAnswer& answer, OperationClass operation) noexcept {
  switch (answer.failure) {
    case HttpFailure::none:
      return operation == OperationClass::unsafe ? turned_away(answer.status) : temporary(answer.status);
    case HttpFailure::resolve:
    case HttpFailure::connect:
    case HttpFailure::tls:
    case HttpFailure::timeout:
    case HttpFailure::reset:
      return operation != OperationClass::unsafe || !answer.request_sent;
    case HttpFailure::bad_answer:
    case HttpFailure::too_large:
    case HttpFailure::cancelled:
    case HttpFailure::turned_away:
      return false;
  }
  return false;
}

milliseconds RetryPlan::attempt_limit(MonotonicTime now) const noexcept {
  return std::min(policy_.attempt_timeout, std::chrono::duration_cast<milliseconds>(last_end_ - now));
}

RetryStep RetryPlan::after(const HttpAnswer& answer, MonotonicTime now, WallTime wall_now, double jitter) noexcept {
  if (attempt_ >= policy_.attempts) return {.reason = classify(answer)};
  const milliseconds asked_for = retry_after(answer, wall_now).value_or(milliseconds{0});
  if (!fits(asked_for, now)) return {.reason = Reason::retry_after_exceeds_deadline};
  const milliseconds delay = std::max(backoff(jitter), asked_for);
  if (!fits(delay, now)) return {.reason = classify(answer)};
  ++attempt_;
  return {.retry = true, .delay = delay};
}

RetryStep RetryPlan::after_work(milliseconds asked_for, MonotonicTime now, double jitter) noexcept {
  if (attempt_ >= policy_.attempts) return {};
  const milliseconds delay = std::max(backoff(jitter), asked_for);
  if (!fits(delay, now)) return {};
  ++attempt_;
  return {.retry = true, .delay = delay};
}

milliseconds RetryPlan::backoff(double jitter) const noexcept {
  const std::chrono::duration<double, std::milli> longest = longest_backoff(attempt_ + 1, policy_);
  return std::chrono::duration_cast<milliseconds>(longest * jitter);
}

bool RetryPlan::fits(milliseconds delay, MonotonicTime now) const noexcept {
  return delay < std::chrono::floor<milliseconds>(last_end_ - now);
}

}  // namespace fulfilld
