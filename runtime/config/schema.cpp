// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/schema.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "runtime/url/parse_url.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kibibyte = 1 << 10;
constexpr std::size_t mebibyte = 1 << 20;
constexpr std::size_t gibibyte = 1 << 30;

template <class Settings>
Rows<Settings> with_retry(Rows<Settings> rows) {
  const auto add = [&rows](std::string key, auto member, auto codec) {
    rows.push_back(row<Settings>(
        std::move(key), [member](auto& settings) -> auto& { return settings.retry.*member; }, std::move(codec)));
  };
  add("retry.attempts", &RetryPolicy::attempts, integer<std::uint32_t>(1, 1000000));
  add("retry.attempt_timeout", &RetryPolicy::attempt_timeout, duration(1ms, 10min));
  add("retry.backoff", &RetryPolicy::backoff, duration(1ms, 1h));
  add("retry.backoff_max", &RetryPolicy::backoff_max, duration(1ms, 24h));
  return rows;
}

template <class Settings>
Rows<Settings> with_rate(Rows<Settings> rows) {
  // Setting the rate leaves the burst alone, whichever of the two is read first.
  auto rate_row = row<Settings>("rate", &Settings::rate, rate());
  rate_row.read = [read = rate_row.read](const Node& node, const std::string& key, Settings& settings,
                                         Reading& reading) {
    const double burst = settings.rate.burst;
    read(node, key, settings, reading);
    settings.rate.burst = burst;
  };
  rows.push_back(std::move(rate_row));
  rows.push_back(row<Settings>(
      "burst", [](auto& settings) -> auto& { return settings.rate.burst; }, integer<double>(0, 1000000)));
  return rows;
}

Rows<ServerSettings> server_rows() {
  using S = ServerSettings;
  return {row<S>("address", &S::address, address()),
          row<S>("port", &S::port, integer<std::uint16_t>(0, 65535)),
          row<S>("max_connections", &S::max_connections, integer<std::size_t>(1, 10000)),
          row<S>("max_body", &S::max_body, size(kibibyte, 64 * mebibyte)),
          row<S>("request_timeout", &S::request_timeout, duration(10ms, 10min)),
          row<S>("keep_alive", &S::keep_alive, duration(10ms, 1h)),
          row<S>("tls_certificate", &S::tls_certificate, text()),
          row<S>("tls_key", &S::tls_key, text())};
}

Rows<JournalSettings> journal_rows() {
  using S = JournalSettings;
  return {row<S>("directory", &S::directory, path()),
          row<S>("synchronous", &S::full_sync, choice<bool>({{"full", true}, {"normal", false}})),
          row<S>("accept_timeout", &S::accept_timeout, duration(10ms, 1min)),
          row<S>("retention", &S::retention, duration(1s, 3650 * 24h)),
          row<S>("max_size", &S::max_size, size_or_none(mebibyte, 16384 * gibibyte))};
}

Rows<LimitSettings> limit_rows() {
  using S = LimitSettings;
  return {row<S>("max_in_flight", &S::max_in_flight, integer<std::size_t>(1, 1000000)),
          row<S>("max_bytes", &S::max_bytes, size(mebibyte, 1024 * gibibyte)),
          row<S>("park_after", &S::park_after, integer<std::uint32_t>(1, 1000))};
}

Rows<RestartPolicy> restart_rows() {
  using S = RestartPolicy;
  return {row<S>("restarts", &S::restarts, integer<std::size_t>(0, 1000)),
          row<S>("period", &S::period, duration(1s, 24h))};
}

Rows<CallbackSettings> callback_rows() {
  using S = CallbackSettings;
  using Authorization = CallbackAuthorization;
  return with_rate<S>(with_retry<S>(
      {row<S>("authorization", &S::authorization,
              choice<Authorization>({{"oauth", Authorization::oauth},
                                     {"fulfillment_token", Authorization::fulfillment_token},
                                     {"fulfillment_token_or_oauth", Authorization::fulfillment_token_or_oauth}})),
       row<S>("credential", &S::credential, name(/*or_empty=*/false)),
       row<S>("allowed_hosts", &S::allowed_hosts, hosts()), row<S>("lifetime", &S::lifetime, duration(100ms, 7 * 24h)),
       row<S>("report_attempts", &S::report_attempts, boolean()),
       row<S>("progress_interval", &S::progress_interval, duration(10ms, 1h))}));
}

Rows<CredentialSettings> credential_rows() {
  using S = CredentialSettings;
  return with_rate<S>(with_retry<S>(
      {row<S>("kind", &S::kind,
              choice<S::Kind>({{"client_credentials", S::Kind::client_credentials}, {"bearer", S::Kind::bearer}})),
       row<S>("token_url", &S::token_url, url()), row<S>("client_id", &S::client_id, text()),
       row<S>("client_secret", &S::client_secret, secret(/*one_line=*/true)),
       row<S>("send_as", &S::send_as,
              choice<S::SendAs>(
                  {{"basic", S::SendAs::basic}, {"basic_raw", S::SendAs::basic_raw}, {"form", S::SendAs::form}})),
       row<S>("scope", &S::scope, text()), row<S>("token", &S::token, secret(/*one_line=*/true))}));
}

template <class Member, class T>
Row<TargetPolicy> breaker_row(const std::string& key, Member member, Codec<T> codec) {
  return row<TargetPolicy>(
      "breaker." + key, [member](auto& target) -> auto& { return target.breaker.*member; }, std::move(codec));
}

Rows<TargetPolicy> target_rows() {
  using S = TargetPolicy;
  using B = BreakerPolicy;
  return with_rate<S>(
      {row<S>("connections", &S::concurrency, integer<std::size_t>(1, 10000)),
       row<S>("adaptive_concurrency", &S::adaptive_concurrency, boolean()),
       row<S>("max_waiting", &S::max_waiting, integer<std::size_t>(0, 1000000)),
       row<S>("answer_limit", &S::answer_limit, size(1, 256 * mebibyte)),
       row<S>("idle_timeout", &S::idle_timeout, duration(0ms, 1h)),
       row<S>("retry_after_max", &S::retry_after_max, duration(1ms, 10 * 24h)),
       row<S>(
           "retry_budget.percent", [](auto& target) -> auto& { return target.retry_budget.percent; },
           integer<std::uint32_t>(0, 1000)),
       row<S>(
           "retry_budget.per_second", [](auto& target) -> auto& { return target.retry_budget.per_second; },
           integer<std::uint32_t>(0, 1000000)),
       breaker_row("enabled", &B::enabled, boolean()),
       breaker_row("failure_percent", &B::failure_percent, integer<std::uint32_t>(1, 100)),
       breaker_row("slow_percent", &B::slow_percent, integer<std::uint32_t>(1, 101)),
       breaker_row("slow_call", &B::slow_call, duration(1ms, 10min)),
       breaker_row("window", &B::window, duration(100ms, 1h)),
       breaker_row("least_calls", &B::least_calls, integer<std::uint32_t>(1, 1000000)),
       breaker_row("open_for", &B::open_for, duration(1ms, 1h)),
       breaker_row("open_max", &B::open_max, duration(1ms, 24h)),
       breaker_row("probes", &B::probes, integer<std::uint32_t>(1, 1000))});
}

Rows<ActionSettings> action_rows() {
  using S = ActionSettings;
  auto rows = with_retry<S>(
      {row<S>("adapter", &S::adapter, name(/*or_empty=*/false)),
       row<S>(
           "deadline", [](auto& action) -> auto& { return action.deadline.limit; }, duration(1ms, 7 * 24h)),
       row<S>(
           "callback_reserve", [](auto& action) -> auto& { return action.deadline.reserve; }, duration(0ms, 1h)),
       row<S>("heartbeat", &S::heartbeat, duration_or_none(10ms, 24h)),
       row<S>(
           "blocking_threads", [](auto& action) -> auto& { return action.blocking.threads; },
           integer<std::size_t>(1, 1000)),
       row<S>(
           "blocking_waiting", [](auto& action) -> auto& { return action.blocking.waiting; },
           integer<std::size_t>(0, 1000000)),
       row<S>("max_result", &S::max_result, size(kibibyte, 64 * mebibyte)),
       row<S>("credential", &S::credential, name(/*or_empty=*/true))});
  rows.push_back(row<S>(
      "retry.unsafe_after_503", [](auto& action) -> auto& { return action.retry.unsafe_after_503; }, boolean()));
  rows.push_back(row<S>("settings", &S::settings, texts()));
  rows.push_back(row<S>("secrets", &S::secrets, secrets()));
  return rows;
}

Rows<EgressLimits> egress_rows() {
  using S = EgressLimits;
  return {row<S>("max_calls", &S::max_calls, integer<std::size_t>(1, 100000)), row<S>("ca_file", &S::ca_file, text()),
          row<S>("user_agent", &S::user_agent, field_value())};
}

Rows<MetricsSettings> metrics_rows() {
  using S = MetricsSettings;
  return {row<S>("address", &S::address, address()), row<S>("port", &S::port, port_or_none())};
}

Rows<LogSettings> log_rows() {
  using S = LogSettings;
  return {
      row<S>("format", &S::format,
             choice<S::Format>({{"auto", S::Format::automatic}, {"json", S::Format::json}, {"text", S::Format::text}})),
      row<S>("level", &S::level,
             choice<std::string>({{"debug", "debug"}, {"info", "info"}, {"warning", "warning"}, {"error", "error"}}))};
}

std::string plain_name(const std::string& written, const std::string& key, const Node& node, Reading& reading) {
  if (is_name(written)) return written;
  reading.report(node.key_place, key, "the name must be 1 to 64 letters, digits, '.', '_' or '-'");
  return {};
}

std::string origin_name(const std::string& written, const std::string& key, const Node& node, Reading& reading) {
  const auto parsed = parse_url(written);
  if (!parsed.url || parsed.url->target != "/") {
    reading.report(node.key_place, key,
                   "must be named \"default\" or after an origin, such as \"https://api.example.com\"" +
                       (parsed.url ? std::string(", without path or query") : ": " + parsed.problem));
    return {};
  }
  if (const auto first = reading.place_of(join_key("targets", parsed.url->origin)); !first.source.empty()) {
    reading.report(node.key_place, key, "is the same origin as in " + first.line_text());
    return {};
  }
  return parsed.url->origin;
}

std::string service_actor_name(const std::string& written, const std::string& key, const Node& node, Reading& reading) {
  const auto known = Config{}.supervision;
  if (known.contains(written)) return written;
  std::vector<std::string> names;
  names.reserve(known.size());
  for (const auto& [name, policy] : known) names.push_back(name);
  reading.report_unknown(node, key, written, names);
  return {};
}

}  // namespace

std::vector<Section> schema() {
  const auto itself = [](auto& config) -> auto& { return config; };
  return {
      section<ServerSettings>("server", &Config::server, server_rows()),
      section<JournalSettings>("journal", &Config::journal, journal_rows()),
      section<LimitSettings>("limits", &Config::limits, limit_rows()),
      section<CallbackSettings>("callback", &Config::callback, callback_rows()),
      named_section<CredentialSettings>("credentials", &Config::credentials, plain_name, /*inherit=*/false,
                                        credential_rows()),
      named_section<TargetPolicy>("targets", &Config::targets, origin_name, /*inherit=*/true, target_rows()),
      named_section<ActionSettings>("actions", &Config::actions, plain_name, /*inherit=*/false, action_rows()),
      section<EgressLimits>("egress", &Config::egress, egress_rows()),
      section<MetricsSettings>("metrics", &Config::metrics, metrics_rows()),
      section<LogSettings>("log", &Config::log, log_rows()),
      named_section<RestartPolicy>("supervision", &Config::supervision, service_actor_name, /*inherit=*/true,
                                   restart_rows()),
      section<Config>("health", itself,
                      {row<Config>("stuck_after", &Config::stuck_after, duration(1s, 10min)),
                       row<Config>("slow_handler", &Config::slow_handler, duration(1ms, 10min)),
                       row<Config>("hung_adapter", &Config::hung_adapter, duration_or_none(1s, 1h))}),
      section<Config>("adapters", itself,
                      {row<Config>("files", &Config::adapter_files, paths()),
                       row<Config>("directories", &Config::adapter_directories, paths())}),
      section<Config>("shutdown", itself, {row<Config>("grace", &Config::shutdown_grace, duration(0ms, 1h))}),
      section<Config>("actors", itself, {row<Config>("workers", &Config::workers, integer<std::size_t>(1, 64))}),
  };
}

}  // namespace fulfilld
