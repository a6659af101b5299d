// SPDX-License-Identifier: Apache-2.0
#include "runtime/telemetry/standard_log.hpp"

#include <unistd.h>

#include <chrono>
#include <utility>

#include "runtime/telemetry/descriptor_sink.hpp"
#include "runtime/telemetry/log_observer.hpp"

namespace fulfilld {
namespace {

constexpr std::chrono::milliseconds patience{100};

}  // namespace

LogLevel log_level(std::string_view name) noexcept {
  if (name == "debug") return LogLevel::debug;
  if (name == "warning") return LogLevel::warning;
  if (name == "error") return LogLevel::error;
  return LogLevel::info;
}

std::unique_ptr<Observer> make_standard_log(const LogSettings& settings, Redaction redaction) {
  using Format = LogSettings::Format;
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  const bool as_text = settings.format == Format::text || (settings.format == Format::automatic && terminal);
  const LogFormat format = as_text ? LogFormat::text : LogFormat::json;
  return std::make_unique<LogObserver>(
      format, log_level(settings.level),
      std::make_shared<DescriptorSink>(STDOUT_FILENO, format, /*colour=*/as_text && terminal, patience),
      std::move(redaction),
      [] { return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()); });
}

}  // namespace fulfilld
