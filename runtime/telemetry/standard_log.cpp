// SPDX-License-Identifier: Apache-2.0
#include "runtime/telemetry/standard_log.hpp"

#include <unistd.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "runtime/telemetry/descriptor_sink.hpp"
#include "runtime/telemetry/log_observer.hpp"

namespace fulfilld {
namespace {

constexpr std::chrono::milliseconds patience{100};

std::vector<std::string> secrets_of(const Config& config) {
  std::vector<std::string> secrets;
  for (const auto& [name, credential] : config.credentials) {
    secrets.push_back(credential.client_secret.reveal());
    secrets.push_back(credential.token.reveal());
  }
  for (const auto& [name, action] : config.actions)
    for (const auto& [key, secret] : action.secrets) secrets.push_back(secret.reveal());
  return secrets;
}

}  // namespace

LogLevel log_level(std::string_view name) noexcept {
  if (name == "debug") return LogLevel::debug;
  if (name == "warning") return LogLevel::warning;
  if (name == "error") return LogLevel::error;
  return LogLevel::info;
}

std::unique_ptr<Observer> make_standard_log(const Config& config) {
  using Format = LogSettings::Format;
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  const bool as_text = config.log.format == Format::text || (config.log.format == Format::automatic && terminal);
  const LogFormat format = as_text ? LogFormat::text : LogFormat::json;
  return std::make_unique<LogObserver>(
      format, log_level(config.log.level),
      std::make_shared<DescriptorSink>(STDOUT_FILENO, format, /*colour=*/as_text && terminal, patience),
      Redaction(secrets_of(config)),
      [] { return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()); });
}

}  // namespace fulfilld
