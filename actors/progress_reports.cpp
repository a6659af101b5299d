// SPDX-License-Identifier: Apache-2.0
#include "actors/progress_reports.hpp"

#include <caf/send.hpp>
#include <memory>
#include <string>
#include <utility>

#include "actors/call.hpp"
#include "actors/callback_call.hpp"
#include "actors/callback_lane.hpp"
#include "actors/policy/callback_verdict.hpp"

namespace fulfilld {

void ProgressReports::take(ProgressPtr progress) {
  const auto sequence = progress->execution->sequence;
  auto& report = reports_[sequence];
  report.newest = std::move(progress);
  go_on(sequence, report);
}

void ProgressReports::wake(std::uint64_t sequence) {
  const auto found = reports_.find(sequence);
  if (found == reports_.end()) return;
  auto& report = found->second;
  report.alarm = 0;
  // It still waits for a token, or for its turn: by now there may be more to tell.
  if (report.call) std::exchange(report.call, nullptr)->abandon();
  go_on(sequence, report);
}

void ProgressReports::answered(const CallPtr& call) {
  const auto found = reports_.find(call->tag);
  if (found == reports_.end() || found->second.call != call) return;
  auto& report = found->second;
  report.call = nullptr;
  config_.clock->cancel(std::exchange(report.alarm, 0));
  // The interval counts from when it went, not from when it was handed over.
  report.next = config_.clock->now() - call->answer.elapsed + config_.progress_interval;
  if (judge_callback(call->answer) == CallbackVerdict::token_refused) tell_of_refused_token(report, call);
  go_on(call->tag, report);
}

CallPtr ProgressReports::end(std::uint64_t sequence) {
  const auto report = reports_.extract(sequence);
  if (!report) return nullptr;
  config_.clock->cancel(report.mapped().alarm);
  const auto& call = report.mapped().call;
  if (!call) return nullptr;
  call->abandon();
  return call->started() ? call : nullptr;
}

void ProgressReports::go_on(std::uint64_t sequence, ProgressReport& report) {
  if (report.alarm != 0) return;
  if (config_.clock->now() < report.next) {
    wake_at(report.next, sequence, report);
  } else if (report.newest) {
    send(report);
  } else {
    // Its outcome may never come this way: nothing is kept for it.
    reports_.erase(sequence);
  }
}

void ProgressReports::send(ProgressReport& report) {
  const auto progress = std::exchange(report.newest, nullptr);
  auto call =
      make_callback_call(config_, *progress->execution, std::shared_ptr<const std::string>(progress, &progress->body));
  call->requester = lane_;
  call->background = true;
  call->refused_token = report.refused_token;
  call->request.time_limit = config_.retry.attempt_timeout;
  call->last_end = config_.clock->now() + config_.retry.attempt_timeout;
  report.call = call;
  wake_at(call->last_end, call->tag, report);
  config_.observer->progress_sent(*progress->execution);
  caf::anon_send(limiter_, call_atom_v, std::move(call));
}

void ProgressReports::wake_at(MonotonicTime when, std::uint64_t sequence, ProgressReport& report) {
  report.alarm =
      config_.clock->schedule(when, [lane = lane_, sequence] { caf::anon_send(lane, progress_atom_v, sequence); });
}

void ProgressReports::tell_of_refused_token(ProgressReport& report, const CallPtr& call) {
  const auto keeper = config_.tokens.find(call->credential);
  if (keeper == config_.tokens.end()) return;
  report.refused_token = call->token_version;
  caf::anon_send(keeper->second, refused_atom_v, call->token_version);
}

}  // namespace fulfilld
