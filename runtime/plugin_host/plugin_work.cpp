// SPDX-License-Identifier: Apache-2.0
#include "runtime/plugin_host/plugin_work.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "runtime/plugin_host/lent_text.hpp"
#include "runtime/plugin_host/reported_reason.hpp"

namespace fulfilld {
namespace {

constexpr std::size_t kWithAttempt = offsetof(fulfill_work_v1, attempt) + sizeof(void*);
constexpr std::size_t kLongestReport = 2 << 10;
constexpr std::int64_t kLongestWaitMs = 24 * 3600 * 1000;

/// What we do not know is not tried again.
WorkAttempt::Verdict verdict_of(const fulfill_attempt_v1& outcome) noexcept {
  using Verdict = WorkAttempt::Verdict;
  if (outcome.verdict == FULFILL_ATTEMPT_AGAIN) return Verdict::again;
  if (outcome.verdict == FULFILL_ATTEMPT_BUSY) return Verdict::busy;
  return outcome.verdict == FULFILL_ATTEMPT_NOT_BEGUN ? Verdict::not_begun : Verdict::done;
}

}  // namespace

PluginWork::PluginWork(std::shared_ptr<PluginAdapter> adapter, const fulfill_work_v1& work)
    : adapter_(std::move(adapter)), state_(work.state), run_(work.run), release_(work.release) {
  if (work.size >= kWithAttempt) attempt_ = work.attempt;
}

WorkAttempt PluginWork::run() noexcept {
  WorkAttempt attempt;
  if (attempt_ == nullptr) {
    run_(state_);
    return attempt;
  }
  fulfill_attempt_v1 outcome{};
  outcome.size = sizeof outcome;
  attempt_(state_, &outcome);
  attempt.verdict = verdict_of(outcome);
  if (!attempt.may_be_repeated()) return attempt;
  attempt.after = std::chrono::milliseconds(std::clamp<std::int64_t>(outcome.after_ms, 0, kLongestWaitMs));
  attempt.reason = reported_reason(view(outcome.failure.code));
  attempt.message = view(outcome.failure.message).substr(0, kLongestReport);
  return attempt;
}

}  // namespace fulfilld
