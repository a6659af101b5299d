// SPDX-License-Identifier: Apache-2.0
#include "runtime/telemetry/log_observer.hpp"

#include <spdlog/pattern_formatter.h>

#include <memory>
#include <string>
#include <utility>

#include "actors/policy/reason.hpp"

namespace fulfilld {
namespace {

// Time and level stand before what LogLine makes. %v is the line itself.
constexpr auto json_pattern = R"({"ts":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v)";
constexpr auto text_pattern = "%Y-%m-%dT%H:%M:%S.%eZ %^%-7l%$ %v";

spdlog::level::level_enum spdlog_level(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      break;
  }
  return spdlog::level::err;
}

std::string_view name(Direction direction) noexcept { return direction == Direction::backend ? "backend" : "callback"; }

std::string_view name(HttpFailure failure) noexcept {
  switch (failure) {
    case HttpFailure::none:
      return "";
    case HttpFailure::resolve:
      return "resolve";
    case HttpFailure::connect:
      return "connect";
    case HttpFailure::tls:
      return "tls";
    case HttpFailure::timeout:
      return "timeout";
    case HttpFailure::reset:
      return "reset";
    case HttpFailure::bad_answer:
      return "bad_answer";
    case HttpFailure::too_large:
      return "too_large";
    case HttpFailure::cancelled:
      return "cancelled";
    case HttpFailure::turned_away:
      return "turned_away";
  }
  return "unknown";
}

bool is_success(const HttpAnswer& answer) noexcept {
  return answer.failure == HttpFailure::none && answer.status >= 200 && answer.status <= 299;
}

}  // namespace

LogObserver::LogObserver(LogFormat format, LogLevel least, spdlog::sink_ptr sink, Redaction redaction,
                         std::function<WallTime()> wall_now)
    : format_(format),
      least_(least),
      redaction_(std::move(redaction)),
      wall_now_(std::move(wall_now)),
      logger_("fulfilld", std::move(sink)) {
  logger_.set_level(spdlog::level::trace);
  logger_.set_formatter(std::make_unique<spdlog::pattern_formatter>(
      format == LogFormat::json ? json_pattern : text_pattern, spdlog::pattern_time_type::utc));
}

LogLine LogObserver::line(std::string_view event, const Execution& execution) const {
  LogLine line(format_, event);
  line.field("execution", execution.id)
      .field("action", execution.action)
      .field_if_any("correlation_id", execution.correlation_id);
  return line;
}

std::int64_t LogObserver::age_ms(const Execution& execution) const {
  return (wall_now_() - execution.accepted_at).count();
}

void LogObserver::write(LogLevel level, LogLine&& line) {
  const std::string text = std::move(line).take();
  logger_.log(spdlog_level(level), spdlog::string_view_t(text.data(), text.size()));
}

void LogObserver::accepted(const Execution& execution) {
  if (off(LogLevel::debug)) return;
  auto entry = line("accepted", execution);
  entry.field("callback_origin", execution.fulfillment_url.origin)
      .number("bytes", static_cast<std::int64_t>(execution.data.size()));
  write(LogLevel::debug, std::move(entry));
}

void LogObserver::resumed(const Unfinished& unfinished, Reason not_run) {
  if (off(LogLevel::info)) return;
  const auto& [execution, outcome, history] = unfinished;
  auto entry = line("resumed", *execution);
  entry.field("next", outcome != nullptr        ? "deliver"
                      : not_run == Reason::none ? "run"
                                                : code(not_run))
      .number("ms", age_ms(*execution));
  if (history.deaths > 0) entry.number("deaths", history.deaths);
  if (history.attempts > 0)
    entry.number("failed_attempts", history.attempts).field("last_error", code(history.last_error));
  write(LogLevel::info, std::move(entry));
}

void LogObserver::attempt_sent(const Execution& execution, Direction direction, std::uint32_t attempt) {
  if (off(LogLevel::debug)) return;
  auto entry = line("attempt_sent", execution);
  entry.field("direction", name(direction)).number("attempt", attempt);
  write(LogLevel::debug, std::move(entry));
}

void LogObserver::attempt_ended(const Execution& execution, Direction direction, std::uint32_t attempt,
                                const HttpAnswer& answer) {
  const LogLevel level = is_success(answer) ? LogLevel::debug : LogLevel::info;
  if (off(level)) return;
  auto entry = line("attempt_ended", execution);
  entry.field("direction", name(direction)).number("attempt", attempt);
  if (answer.status != 0) entry.number("status", answer.status);
  entry.field_if_any("failure", name(answer.failure))
      .field_if_any("detail", redaction_.clean(answer.detail, execution.fulfillment_token))
      .number("ms", std::chrono::duration_cast<std::chrono::milliseconds>(answer.elapsed).count());
  write(level, std::move(entry));
}

void LogObserver::retry_planned(const Execution& execution, Direction direction, std::uint32_t next_attempt,
                                std::chrono::milliseconds delay) {
  if (off(LogLevel::debug)) return;
  auto entry = line("retry_planned", execution);
  entry.field("direction", name(direction)).number("attempt", next_attempt).number("delay_ms", delay.count());
  write(LogLevel::debug, std::move(entry));
}

void LogObserver::decided(const Execution& execution, const Outcome& outcome) {
  const LogLevel level = outcome.complete()                         ? LogLevel::debug
                         : outcome.reason == Reason::internal_error ? LogLevel::error
                                                                    : LogLevel::warning;
  if (off(level)) return;
  auto entry = line(outcome.complete() ? "complete" : "failed", execution);
  if (!outcome.complete()) entry.field("reason", code(outcome.reason));
  entry.number("ms", age_ms(execution));
  write(level, std::move(entry));
}

void LogObserver::ended(const Execution& execution, const Ending& ending) {
  const bool delivered = ending.reason == Reason::none;
  const LogLevel level = delivered ? LogLevel::info : LogLevel::warning;
  if (off(level)) return;
  auto entry = line(delivered ? "delivered" : "not_delivered", execution);
  if (!delivered) entry.field("reason", code(ending.reason));
  entry.number("attempts", ending.attempts).number("ms", age_ms(execution));
  write(level, std::move(entry));
}

void LogObserver::adapter_said(const Execution& execution, LogLevel level, std::string_view text) {
  if (off(level)) return;
  auto entry = line("adapter_said", execution);
  entry.field("text", redaction_.clean(text, execution.fulfillment_token));
  write(level, std::move(entry));
}

void LogObserver::listening(std::uint16_t port) {
  if (off(LogLevel::info)) return;
  LogLine entry(format_, "listening");
  entry.number("port", port);
  write(LogLevel::info, std::move(entry));
}

void LogObserver::event(LogLevel level, std::string_view component, std::string_view text) {
  if (off(level)) return;
  LogLine entry(format_, component);
  entry.field("text", redaction_.clean(text));
  write(level, std::move(entry));
}

}  // namespace fulfilld
