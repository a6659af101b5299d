// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/retry_plan.hpp"

#include <algorithm>

#include "actors/policy/effect.hpp"
#include "actors/policy/retry_after.hpp"

namespace fulfilld {
namespace {

using std::chrono::milliseconds;

bool temporary(int status) noexcept {
  return status == 408 || status == 421 || status == 425 || status == 429 || status >= 500;
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
    case HttpFailure::no_socket:
      return Reason::no_socket;
    case HttpFailure::cancelled:
      return Reason::shutting_down;
    case HttpFailure::turned_away:
      return answer.refusal == Reason::none ? Reason::queue_full : answer.refusal;
  }
  if (answer.status >= 200 && answer.status < 300) return Reason::none;
  return answer.status >= 300 && answer.status < 400 ? Reason::backend_redirect : Reason::backend_status;
}

bool may_retry(const HttpAnswer& answer, OperationClass operation, bool trusts_503) noexcept {
  if (operation == OperationClass::unsafe && effect_of(answer, trusts_503) != Effect::nothing) return false;
  switch (answer.failure) {
    case HttpFailure::none:
      return temporary(answer.status);
    case HttpFailure::tls:
      return !answer.lasting;
    case HttpFailure::resolve:
    case HttpFailure::connect:
    case HttpFailure::timeout:
    case HttpFailure::reset:
    case HttpFailure::no_socket:
      return true;
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

RetryStep RetryPlan::after(const HttpAnswer& answer, MonotonicTime now, WallTime wall_now, double jitter,
                           bool counts) noexcept {
  if (counts && attempt_ - uncounted_ >= policy_.attempts) return {.reason = classify(answer)};
  const milliseconds asked_for = retry_after(answer, wall_now).value_or(milliseconds{0});
  if (!fits(asked_for, now)) return {.reason = Reason::retry_after_exceeds_deadline};
  const milliseconds delay = std::max(backoff(now, jitter), asked_for);
  if (!fits(delay, now)) return {.reason = classify(answer)};
  ++attempt_;
  if (!counts) ++uncounted_;
  return {.retry = true, .delay = delay};
}

RetryStep RetryPlan::after_work(milliseconds asked_for, MonotonicTime now, double jitter) noexcept {
  if (attempt_ >= policy_.attempts) return {};
  const milliseconds delay = std::max(backoff(now, jitter), asked_for);
  if (!fits(delay, now)) return {};
  ++attempt_;
  return {.retry = true, .delay = delay};
}

milliseconds RetryPlan::backoff(MonotonicTime now, double jitter) const noexcept {
  const std::chrono::duration<double, std::milli> longest = longest_backoff(now);
  return std::chrono::duration_cast<milliseconds>(longest * jitter);
}

bool RetryPlan::fits(milliseconds delay, MonotonicTime now) const noexcept {
  return delay < std::chrono::floor<milliseconds>(last_end_ - now);
}

milliseconds RetryPlan::longest_backoff(MonotonicTime now) const noexcept {
  const milliseconds most =
      now < hurry_.until ? std::min(policy_.backoff_max, hurry_.backoff_max) : policy_.backoff_max;
  milliseconds delay = policy_.backoff;
  for (std::uint32_t n = 1; n < attempt_ && delay.count() > 0 && delay < most; ++n)
    delay = delay < most / 2 ? delay * 2 : most;
  return std::min(delay, most);
}

}  // namespace fulfilld
