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
    secrets.push_back(credential.client_secret.current().reveal());
    secrets.push_back(credential.token.current().reveal());
  }
  for (const auto& [name, action] : config.actions)
    for (const auto& [key, secret] : action.secrets) secrets.push_back(secret.reveal());
  return secrets;
}

/// Knows the secrets that there are, and those that come later.
Redaction redaction_for(const Config& config) {
  Redaction redaction(secrets_of(config));
  const auto learn = [redaction](const Secret& secret) mutable { redaction.add(secret.reveal()); };
  for (const auto& [name, credential] : config.credentials) {
    credential.client_secret.before_each_change(learn);
    credential.token.before_each_change(learn);
  }
  return redaction;
}

}  // namespace

LogLevel log_level(std::string_view name) noexcept {
  if (name == "debug") return LogLevel::debug;
  if (name == "warning") return LogLevel::warning;
  if (name == "error") return LogLevel::error;
  return LogLevel::info;
}

LogFormat standard_log_format(const Config& config) noexcept {
  using Format = LogSettings::Format;
  const bool as_text =
      config.log.format == Format::text || (config.log.format == Format::automatic && isatty(STDOUT_FILENO) == 1);
  return as_text ? LogFormat::text : LogFormat::json;
}

std::unique_ptr<Observer> make_standard_log(const Config& config) {
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  const LogFormat format = standard_log_format(config);
  return std::make_unique<LogObserver>(
      format, log_level(config.log.level),
      std::make_shared<DescriptorSink>(STDOUT_FILENO, format, /*colour=*/format == LogFormat::text && terminal,
                                       patience),
      redaction_for(config),
      [] { return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()); });
}

}  // namespace fulfilld
