// SPDX-License-Identifier: Apache-2.0
#include "runtime/telemetry/descriptor_sink.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

namespace fulfilld {
namespace {

// What a pipe takes without blocking once poll() has called it writable (PIPE_BUF).
constexpr std::size_t slice = 4096;

std::string_view colour_of(spdlog::level::level_enum level) noexcept {
  switch (level) {
    case spdlog::level::debug:
      return "\033[2m";
    case spdlog::level::info:
      return "\033[32m";
    case spdlog::level::warn:
      return "\033[33m";
    default:
      return "\033[31m";
  }
}

std::string coloured(std::string_view line, const spdlog::details::log_msg& message) {
  std::string result(line.substr(0, message.color_range_start));
  result += colour_of(message.level);
  result += line.substr(message.color_range_start, message.color_range_end - message.color_range_start);
  result += "\033[0m";
  result += line.substr(message.color_range_end);
  return result;
}

}  // namespace

void DescriptorSink::sink_it_(const spdlog::details::log_msg& message) {
  // While lines are being dropped nobody waits again.
  const auto patience = dropped_ == 0 ? patience_ : std::chrono::milliseconds(0);
  if (!write_dropped(patience) || !write_message(message, patience)) ++dropped_;
}

bool DescriptorSink::write_dropped(std::chrono::milliseconds patience) {
  if (dropped_ == 0) return true;
  if (inside_line_ && !write_all("\n", patience)) return false;
  LogLine line(format_, "log_lines_dropped");
  line.number("count", static_cast<std::int64_t>(dropped_));
  const std::string text = std::move(line).take();
  if (!write_message({spdlog::source_loc{}, "", spdlog::level::warn, text}, patience)) return false;
  dropped_ = 0;
  return true;
}

bool DescriptorSink::write_message(const spdlog::details::log_msg& message, std::chrono::milliseconds patience) {
  spdlog::memory_buf_t buffer;
  formatter_->format(message, buffer);
  const std::string_view line(buffer.data(), buffer.size());
  const bool has_range = message.color_range_end > message.color_range_start;
  return write_all(colour_ && has_range ? coloured(line, message) : std::string(line), patience);
}

bool DescriptorSink::write_all(std::string_view line, std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!line.empty()) {
    if (!wait_writable(until)) return false;
    const ssize_t written = ::write(descriptor_, line.data(), std::min(line.size(), slice));
    if (written < 0 && errno != EINTR && errno != EAGAIN) return false;
    if (written <= 0) continue;
    line.remove_prefix(static_cast<std::size_t>(written));
    inside_line_ = !line.empty();
  }
  return true;
}

bool DescriptorSink::wait_writable(std::chrono::steady_clock::time_point until) const {
  pollfd waiting{descriptor_, POLLOUT, 0};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (ready < 0 && errno == EINTR) continue;
    return ready > 0 && (waiting.revents & (POLLERR | POLLNVAL)) == 0;
  }
}

}  // namespace fulfilld
