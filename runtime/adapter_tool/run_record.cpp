// SPDX-License-Identifier: Apache-2.0
#include "runtime/adapter_tool/run_record.hpp"

#include <algorithm>

namespace fulfilld {
namespace {

bool holds(const std::vector<std::string>& texts, const std::string& secret) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& text) { return text.find(secret) != std::string::npos; });
}

std::string_view body_of(const Attempt& attempt) {
  return attempt.body == nullptr ? std::string_view() : *attempt.body;
}

bool is_same(const Attempt& a, const Attempt& b) {
  return a.method == b.method && a.url == b.url && body_of(a) == body_of(b);
}

/// The backend may have carried it out, and did not say.
bool is_unclear(const Attempt& attempt) { return attempt.sent && attempt.failure != HttpFailure::none; }

}  // namespace

std::vector<Suspension> RunRecord::suspensions() const {
  const std::lock_guard lock(mutex_);
  return suspensions_;
}

RunRecord::Stay RunRecord::longest_stay() const {
  const std::lock_guard lock(mutex_);
  return longest_stay_;
}

std::optional<std::string> RunRecord::place_of(const std::string& secret) const {
  const std::lock_guard lock(mutex_);
  if (holds(log_, secret)) return "a log line";
  if (holds(progress_, secret)) return "progress";
  if (holds(failures_, secret)) return "the failure's message";
  return std::nullopt;
}

std::optional<std::string> RunRecord::repeated_unsafe_call() const {
  const std::lock_guard lock(mutex_);
  const auto is_unsafe = [this](const Attempt& attempt) {
    return std::any_of(suspensions_.begin(), suspensions_.end(), [&](const Suspension& suspension) {
      return attempt.call != 0 && suspension.call == attempt.call && suspension.operation == OperationClass::unsafe;
    });
  };
  for (auto first = attempts_.begin(); first != attempts_.end(); ++first) {
    if (!is_unclear(*first) || !is_unsafe(*first)) continue;
    const auto again = std::find_if(first + 1, attempts_.end(),
                                    [&](const Attempt& later) { return later.sent && is_same(*first, later); });
    if (again != attempts_.end()) return again->method + " " + again->url;
  }
  return std::nullopt;
}

bool RunRecord::adapter_is_at_fault() const {
  const std::lock_guard lock(mutex_);
  return at_fault_;
}

void RunRecord::suspended(const Suspension& suspension) {
  const std::lock_guard lock(mutex_);
  suspensions_.push_back(suspension);
}

void RunRecord::attempt_ended(const Attempt& attempt) {
  const std::lock_guard lock(mutex_);
  attempts_.push_back(attempt);
}

void RunRecord::progressed(std::string_view json) {
  const std::lock_guard lock(mutex_);
  progress_.emplace_back(json);
}

void RunRecord::failed(Reason reason, std::string_view message) {
  const std::lock_guard lock(mutex_);
  at_fault_ = at_fault_ || reason == Reason::adapter_fault;
  failures_.emplace_back(message);
}

void RunRecord::said(LogLevel, std::string_view text) {
  const std::lock_guard lock(mutex_);
  log_.emplace_back(text);
}

void RunRecord::stayed(std::string_view where, std::chrono::microseconds duration) {
  const std::lock_guard lock(mutex_);
  if (duration > longest_stay_.duration) longest_stay_ = {duration, std::string(where)};
}

}  // namespace fulfilld
