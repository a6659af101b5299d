// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/demo/story.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace fulfilld::demo {
namespace {

constexpr std::size_t id_width = 15;

std::string receiver(const nlohmann::json& line) {
  return line.value("direction", "") == "callback" ? "Genesys" : "backend";
}

}  // namespace

void Story::begin() {
  const std::lock_guard lock(mutex_);
  start_ = std::chrono::steady_clock::now();
}

void Story::hear(const std::string& log_line) {
  const auto line = nlohmann::json::parse(log_line, nullptr, false);
  if (!line.is_object()) return;
  const auto execution = line.value("execution", "");
  if (execution.empty()) {
    const auto level = line.value("level", "");
    if (level == "warning" || level == "error") tell("fulfilld", terminal_.paint(Colour::red, line.value("text", "")));
    return;
  }
  std::string text;
  {
    const std::lock_guard lock(mutex_);
    text = words(line, lives_[execution]);
  }
  if (!text.empty()) tell(execution, text);
  heard_.notify_all();
}

void Story::tell(const std::string& execution, std::string_view what) {
  constexpr std::array colours{Colour::cyan, Colour::magenta, Colour::blue, Colour::yellow, Colour::green};
  std::chrono::milliseconds elapsed{0};
  Colour colour{};
  {
    const std::lock_guard lock(mutex_);
    elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start_);
    const auto order = order_of_appearance_.try_emplace(execution, order_of_appearance_.size()).first->second;
    colour = colours[order % colours.size()];
  }
  const auto hundredths = elapsed.count() / 10;
  const auto fraction = std::to_string(100 + hundredths % 100).substr(1);
  const auto time = padded_left(std::to_string(hundredths / 100) + "." + fraction, 7) + " s  ";
  terminal_.line(terminal_.paint(Colour::dim, time) + terminal_.paint(colour, padded(execution, id_width)) + " " +
                 std::string(what));
}

std::string Story::words(const Json& line, Life& life) const {
  const auto event = line.value("event", "");
  if (event == "accepted") return "accepted: it is in the journal, Genesys has its 202";
  if (event == "resumed") return "taken up again from the journal";
  if (event == "attempt_sent") {
    auto& count = line.value("direction", "") == "callback" ? life.posts : life.calls;
    count = std::max(count, line.value("attempt", 0U));
    return std::string(terminal_.sign("→", "->")) + " " + receiver(line) + ", attempt " +
           std::to_string(line.value("attempt", 0));
  }
  if (event == "attempt_ended") return attempt_words(line);
  if (event == "retry_planned")
    return terminal_.paint(Colour::yellow, std::string(terminal_.sign("…", "..")) + " waits " +
                                               duration_text(line.value("delay_ms", 0)) + " before attempt " +
                                               std::to_string(line.value("attempt", 0)));
  if (event == "complete" || event == "failed") {
    life.ending = event == "complete" ? event : line.value("reason", event);
    return event == "complete" ? terminal_.paint(Colour::green, "outcome: complete")
                               : terminal_.paint(Colour::red, "outcome: failed, " + life.ending);
  }
  if (event == "delivered" || event == "not_delivered") {
    life.delivered = event == "delivered";
    life.total_ms = line.value("ms", 0);
    if (!life.delivered) return terminal_.paint(Colour::red, "not delivered: " + line.value("reason", ""));
    return terminal_.paint(Colour::green, std::string(terminal_.sign("✓", "OK")) + " delivered") + ", " +
           terminal_.paint(Colour::bold, duration_text(life.total_ms)) + " after it was accepted";
  }
  return {};
}

std::string Story::attempt_words(const Json& line) const {
  const auto status = line.value("status", 0);
  const auto failure = line.value("failure", "");
  const auto result = failure.empty() ? std::to_string(status) : failure;
  const bool good = failure.empty() && status / 100 == 2;
  return std::string(terminal_.sign("←", "<-")) + " " + receiver(line) + ": " +
         terminal_.paint(good ? Colour::green : Colour::red, result) + " after " + duration_text(line.value("ms", 0));
}

bool Story::delivered(const std::vector<std::string>& executions, std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return heard_.wait_for(lock, limit, [&] {
    return std::all_of(executions.begin(), executions.end(),
                       [this](const std::string& id) { return lives_[id].delivered; });
  });
}

Life Story::life(const std::string& execution) const {
  const std::lock_guard lock(mutex_);
  const auto found = lives_.find(execution);
  return found == lives_.end() ? Life{} : found->second;
}

}  // namespace fulfilld::demo
