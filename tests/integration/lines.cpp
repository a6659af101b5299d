// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/lines.hpp"

#include <algorithm>
#include <utility>

namespace fulfilld::integration {
namespace {

constexpr std::size_t most_lines = 200000;

}  // namespace

void Lines::add(std::string line) {
  const std::lock_guard lock(mutex_);
  lines_.push_back(std::move(line));
  if (lines_.size() > most_lines) {
    lines_.pop_front();
    ++dropped_;
  }
  added_.notify_all();
}

void Lines::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  added_.notify_all();
}

std::optional<std::string> Lines::wait_for(const std::function<bool(const std::string&)>& wanted,
                                           std::chrono::milliseconds limit) const {
  std::unique_lock lock(mutex_);
  std::size_t next = 0;
  std::optional<std::string> found;
  added_.wait_for(lock, limit, [&] {
    for (next = std::max(next, dropped_); next - dropped_ < lines_.size() && !found; ++next)
      if (wanted(lines_[next - dropped_])) found = lines_[next - dropped_];
    return found || ended_;
  });
  return found;
}

std::string Lines::text() const {
  const std::lock_guard lock(mutex_);
  std::string all;
  for (const auto& line : lines_) all.append(line).append("\n");
  return all;
}

}  // namespace fulfilld::integration
