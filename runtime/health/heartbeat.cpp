// SPDX-License-Identifier: Apache-2.0
#include "runtime/health/heartbeat.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace fulfilld {
namespace {

std::string in_seconds(std::chrono::milliseconds time) {
  return std::to_string(std::chrono::round<std::chrono::seconds>(time).count()) + " s";
}

}  // namespace

Heartbeat::Heartbeat(std::vector<Subject> subjects, std::chrono::milliseconds stuck_after, Report report)
    : stuck_after_(stuck_after), report_(std::move(report)) {
  for (auto& subject : subjects) watched_.emplace_back().subject = std::move(subject);
}

void Heartbeat::tick(MonotonicTime now) {
  const auto passed = std::chrono::round<std::chrono::milliseconds>(now - last_tick_.value_or(now));
  last_tick_ = now;
  actor_lag_ = std::chrono::microseconds(0);
  for (auto& watched : watched_) {
    actor_lag_ = std::max(actor_lag_, lag(watched, now));
    look_at(watched, std::min(passed, stuck_after_ / 4), now);
  }

  std::vector<std::string> stuck;
  for (const auto& watched : watched_)
    if (watched.stuck) stuck.push_back(watched.subject.name);
  const std::lock_guard lock(mutex_);
  stuck_ = std::move(stuck);
}

std::vector<std::string> Heartbeat::stuck() const {
  const std::lock_guard lock(mutex_);
  return stuck_;
}

void Heartbeat::look_at(Watched& watched, std::chrono::milliseconds passed, MonotonicTime now) {
  if (watched.question == nullptr) return ask(watched, now);
  watched.unanswered += passed;
  if (watched.question->answered()) {
    if (watched.stuck)
      report_(LogLevel::info, watched.subject.name + " answers again, after " + in_seconds(watched.unanswered));
    watched.stuck = false;
    watched.unanswered = std::chrono::milliseconds(0);
    return ask(watched, now);
  }
  if (!watched.stuck && watched.unanswered >= stuck_after_) {
    watched.stuck = true;
    report_(LogLevel::error, watched.subject.name + " has not answered for " + in_seconds(watched.unanswered));
  }
  // Whoever was to answer is gone, and the question with him: his successor is asked.
  if (watched.question.use_count() == 1) ask(watched, now);
}

std::chrono::microseconds Heartbeat::lag(const Watched& watched, MonotonicTime now) noexcept {
  // A question that only we still hold waits for nobody.
  const bool counts = watched.subject.actor && watched.question != nullptr &&
                      (watched.question->answered() || watched.question.use_count() > 1);
  if (!counts) return std::chrono::microseconds(0);
  const auto until = std::min(watched.question->answered_at(), now);
  return std::chrono::duration_cast<std::chrono::microseconds>(until - watched.asked_at);
}

void Heartbeat::ask(Watched& watched, MonotonicTime now) {
  watched.question = std::make_shared<Pulse>();
  watched.asked_at = now;
  watched.subject.ask(watched.question);
}

}  // namespace fulfilld
