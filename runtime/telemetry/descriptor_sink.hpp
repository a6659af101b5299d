// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <spdlog/sinks/base_sink.h>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string_view>

#include "runtime/telemetry/log_line.hpp"

namespace fulfilld {

/// Writes lines to a file descriptor, one `write` each, and never waits for its reader longer than `patience`: then the
/// line is dropped, and so is every further one, at once, until the descriptor takes data again; a line that tells
/// how many were dropped comes first then. A descriptor that is gone drops all. The owner of the process ignores
/// SIGPIPE.
class DescriptorSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  /// `format` is that of the line about dropped lines. `colour`: the part of the pattern between %^ and %$ is coloured
  /// by level. Does not own the descriptor.
  DescriptorSink(int descriptor, LogFormat format, bool colour, std::chrono::milliseconds patience)
      : descriptor_(descriptor), format_(format), colour_(colour), patience_(patience) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override {}

  [[nodiscard]] bool write_dropped(std::chrono::milliseconds patience);
  [[nodiscard]] bool write_message(const spdlog::details::log_msg& message, std::chrono::milliseconds patience);
  [[nodiscard]] bool write_all(std::string_view line, std::chrono::milliseconds patience);
  [[nodiscard]] bool wait_writable(std::chrono::steady_clock::time_point until) const;

  const int descriptor_;
  const LogFormat format_;
  const bool colour_;
  const std::chrono::milliseconds patience_;
  std::uint64_t dropped_ = 0;
  bool inside_line_ = false;  ///< the reader stalled in the middle of a line
};

}  // namespace fulfilld
