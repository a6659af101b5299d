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
  for (auto& watched : watched_) look_at(watched, std::min(passed, stuck_after_ / 4));

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

void Heartbeat::look_at(Watched& watched, std::chrono::milliseconds passed) {
  if (watched.question == nullptr) return ask(watched);
  watched.unanswered += passed;
  if (watched.question->answered()) {
    if (watched.stuck)
      report_(LogLevel::info, watched.subject.name + " answers again, after " + in_seconds(watched.unanswered));
    watched.stuck = false;
    watched.unanswered = std::chrono::milliseconds(0);
    return ask(watched);
  }
  if (!watched.stuck && watched.unanswered >= stuck_after_) {
    watched.stuck = true;
    report_(LogLevel::error, watched.subject.name + " has not answered for " + in_seconds(watched.unanswered));
  }
  // Whoever was to answer is gone, and the question with him: his successor is asked.
  if (watched.question.use_count() == 1) ask(watched);
}

void Heartbeat::ask(Watched& watched) {
  watched.question = std::make_shared<Pulse>();
  watched.subject.ask(watched.question);
}

}  // namespace fulfilld
