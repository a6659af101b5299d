// SPDX-License-Identifier: Apache-2.0
#include "runtime/telemetry/log_observer.hpp"

#include <spdlog/pattern_formatter.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "actors/policy/reason.hpp"
#include "actors/policy/retry_plan.hpp"
#include "runtime/telemetry/event_names.hpp"
#include "runtime/telemetry/logged_url.hpp"

namespace fulfilld {
namespace {

// From here on a lag is a warning; while it lasts, every so many measurements.
constexpr std::chrono::milliseconds long_lag{100};
constexpr std::uint32_t between_warnings = 30;

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

// What may be told of a sick target each second is debug.
LogLevel level_of(TargetChange change) noexcept {
  switch (change) {
    case TargetChange::breaker_opened:
    case TargetChange::closed:
      return LogLevel::warning;
    case TargetChange::closed_for_longer:
    case TargetChange::rate_cut_again:
      return LogLevel::debug;
    default:
      return LogLevel::info;
  }
}

std::int64_t ms_until(const std::optional<MonotonicTime>& when, MonotonicTime now) noexcept {
  if (!when || *when <= now) return 0;
  return std::chrono::ceil<std::chrono::milliseconds>(*when - now).count();
}

double in_ms(std::chrono::microseconds time) noexcept { return static_cast<double>(time.count()) / 1000; }

bool is_success(const HttpAnswer& answer) noexcept {
  return answer.failure == HttpFailure::none && answer.status >= 200 && answer.status <= 299;
}

/// The platform's own word for why it refused a result, as in `{"code":"bad.request","message":...}`; empty: none.
std::string code_in(const std::string& body) {
  constexpr std::size_t longest_code = 64;
  constexpr std::size_t longest_body = 64 << 10;
  if (body.size() > longest_body) return {};
  const auto answer = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  const auto found = answer.is_object() ? answer.find("code") : answer.end();
  if (found == answer.end() || !found->is_string()) return {};
  const auto& word = found->get_ref<const std::string&>();
  const bool plain = std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
  return plain && word.size() <= longest_code ? word : std::string();
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

std::string LogObserver::clean(std::string_view text, const Execution& execution) const {
  return redaction_.clean(text, {execution.fulfillment_token});
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
                                const HttpRequest& request, const HttpAnswer& answer) {
  const LogLevel level = is_success(answer) ? LogLevel::debug : LogLevel::info;
  if (off(level)) return;
  auto entry = line("attempt_ended", execution);
  entry.field("direction", name(direction))
      .number("attempt", attempt)
      .field("method", request.method)
      .field("target", request.url.origin);
  // The platform's path is a capability of its own, and its last part the execution's id.
  if (direction == Direction::backend) entry.field("path", clean(logged_path(request.url, execution.data), execution));
  if (answer.status != 0) entry.number("status", answer.status);
  if (answer.status >= 300 && answer.status <= 399)
    entry.field_if_any("location", clean(logged_location(answer.field("Location"), execution.data), execution));
  if (const auto reason = classify(answer); direction == Direction::backend && reason != Reason::none)
    entry.field("reason", code(reason));
  if (direction == Direction::callback && !is_success(answer)) entry.field_if_any("code", code_in(answer.body));
  entry.field_if_any("failure", name(answer.failure))
      .field_if_any("detail", clean(answer.detail, execution))
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
  // What the flow gets as errorCode may be a word of the adapter's own.
  if (!outcome.complete())
    entry.field("reason", code(outcome.reason))
        .field("code", outcome.code.empty() ? code(outcome.reason) : outcome.code)
        .field("text", text(outcome.reason));
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
  entry.field("text", clean(text, execution));
  write(level, std::move(entry));
}

void LogObserver::adapter_kept_thread(const Execution& execution, std::string_view adapter,
                                      std::chrono::milliseconds lasted) {
  if (off(LogLevel::warning)) return;
  auto entry = line("adapter_kept_thread", execution);
  entry.field("adapter", adapter).number("ms", lasted.count());
  write(LogLevel::warning, std::move(entry));
}

void LogObserver::listening(std::uint16_t port) {
  if (off(LogLevel::info)) return;
  LogLine entry(format_, "listening");
  entry.number("port", port);
  write(LogLevel::info, std::move(entry));
}

void LogObserver::progress_sent(const Execution& execution) {
  if (off(LogLevel::debug)) return;
  write(LogLevel::debug, line("progress_sent", execution));
}

void LogObserver::target_changed(std::string_view target, const TargetState& state, MonotonicTime now) {
  for (const auto change : target_changes(targets_.exchange(target, state), state, now))
    if (!off(level_of(change))) target_line(change, target, state, now);
}

void LogObserver::target_line(TargetChange change, std::string_view target, const TargetState& state,
                              MonotonicTime now) {
  LogLine entry(format_, name(change));
  entry.field("target", target);
  if (change == TargetChange::breaker_opened) entry.number("for_ms", ms_until(state.open_until, now));
  if (name(change) == name(TargetChange::closed)) entry.number("for_ms", ms_until(state.closed_until, now));
  if (name(change) == name(TargetChange::rate_cut)) entry.decimal("per_second", *state.permitted_rate);
  write(level_of(change), std::move(entry));
}

void LogObserver::lag_measured(std::chrono::microseconds ready_actor, std::chrono::microseconds alarm) {
  const bool late = std::max(ready_actor, alarm) >= long_lag;
  const bool warn = late && late_in_a_row_++ % between_warnings == 0;
  if (!late) late_in_a_row_ = 0;
  const LogLevel level = warn ? LogLevel::warning : LogLevel::debug;
  if (off(level)) return;
  LogLine entry(format_, "lag");
  entry.decimal("ready_actor_ms", in_ms(ready_actor)).decimal("alarm_ms", in_ms(alarm));
  write(level, std::move(entry));
}

void LogObserver::slow_handler(std::string_view actor, std::chrono::milliseconds lasted) {
  if (off(LogLevel::warning)) return;
  LogLine entry(format_, "slow_handler");
  entry.field("actor", actor).number("ms", lasted.count());
  write(LogLevel::warning, std::move(entry));
}

void LogObserver::event(LogLevel level, std::string_view component, std::string_view text) {
  if (off(level)) return;
  LogLine entry(format_, component);
  entry.field("text", redaction_.clean(text));
  write(level, std::move(entry));
}

}  // namespace fulfilld
