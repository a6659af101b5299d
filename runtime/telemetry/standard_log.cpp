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

LogFormat standard_log_format(const LogSettings& settings) noexcept {
  using Format = LogSettings::Format;
  const bool as_text =
      settings.format == Format::text || (settings.format == Format::automatic && isatty(STDOUT_FILENO) == 1);
  return as_text ? LogFormat::text : LogFormat::json;
}

std::unique_ptr<Observer> make_standard_log(const LogSettings& settings, Redaction redaction) {
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  const LogFormat format = standard_log_format(settings);
  return std::make_unique<LogObserver>(
      format, log_level(settings.level),
      std::make_shared<DescriptorSink>(STDOUT_FILENO, format, /*colour=*/format == LogFormat::text && terminal,
                                       patience),
      std::move(redaction),
      [] { return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()); });
}

}  // namespace fulfilld
