// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/cross_checks.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/certificate/server_certificate.hpp"
#include "runtime/config/quantity.hpp"
#include "runtime/config/read_file.hpp"
#include "runtime/config/toml_text.hpp"
#include "runtime/url/host_allow_list.hpp"
#include "runtime/url/parse_url.hpp"

namespace fulfilld {
namespace {

class Checks {
 public:
  Checks(const Config& config, Reading& reading) : config_(config), reading_(reading) {}

  void run() {
    server();
    limits();
    metrics();
    callback();
    for (const auto& [name, credential] : config_.credentials)
      check_credential(join_key("credentials", name), name, credential);
    for (const auto& [name, target] : config_.targets) check_target(join_key("targets", name), target);
    if (const auto& file = config_.egress.ca_file; !file.empty() && !std::ifstream(file))
      report("egress", "ca_file", "the file " + file + " cannot be read");
    if (config_.actions.empty())
      report("actions", "", "at least one action is needed: add [actions.default], or set EXTERNAL_API_URL");
    for (const auto& [name, action] : config_.actions) check_action(join_key("actions", name), action);
  }

 private:
  void server() {
    const auto& server = config_.server;
    if (server.tls_certificate.empty() != server.tls_key.empty())
      report("server", server.tls_key.empty() ? "tls_certificate" : "tls_key",
             "tls_certificate and tls_key belong together: set both, or none");
    const auto certificate = certificate_file("tls_certificate", server.tls_certificate);
    const auto key = certificate_file("tls_key", server.tls_key);
    if (!certificate || !key) return;
    const auto checked = check_server_certificate(*certificate, *key, std::chrono::system_clock::now());
    if (checked.mistake)
      report("server", checked.mistake->in_key_file ? "tls_key" : "tls_certificate", checked.mistake->sentence);
    for (const auto& sentence : checked.warnings) warn("server", "tls_certificate", sentence);
  }

  // None if it is not set, or cannot be read, which is reported then.
  std::optional<NamedText> certificate_file(std::string_view key, const std::string& name) {
    if (name.empty()) return std::nullopt;
    auto file = read_file(name, largest_certificate_file);
    if (file.problem.empty()) return NamedText{name, std::move(file.text)};
    report("server", key, "the file " + name + " " + file.problem);
    return std::nullopt;
  }

  // Room for the largest request, and for what is kept beside its data.
  void limits() {
    if (config_.limits.max_bytes / 2 < config_.server.max_body)
      report("limits", "max_bytes",
             "is " + size_text(config_.limits.max_bytes) + ", and must be at least twice server.max_body, which is " +
                 size_text(config_.server.max_body));
  }

  // 0.0.0.0 is every address, and the second to ask for a port of all of them is refused.
  void metrics() {
    const auto& [address, port] = config_.metrics;
    const auto& server = config_.server;
    const auto is_any = [](const std::string& text) { return text == "0.0.0.0" || text == "::"; };
    if (!port || *port == 0 || *port != server.port) return;
    if (address == server.address || is_any(address) || is_any(server.address))
      report("metrics", "port", "is that of [server] too: choose another one");
  }

  void callback() {
    const auto& callback = config_.callback;
    if (callback.authorization != CallbackAuthorization::fulfillment_token)
      credential_exists("callback", callback.credential,
                        callback.credential == "genesys" ? ", or set GENESYS_CLIENT_ID and GENESYS_CLIENT_SECRET" : "");
    if (callback.allowed_hosts.empty())
      report("callback", "allowed_hosts", "must name at least one host, or every execution would be refused");
    retry("callback", callback.retry);
    within("callback", "lifetime", callback.retry, callback.lifetime);
    burst("callback", callback.rate);
  }

  void check_target(const std::string& path, const TargetPolicy& target) {
    burst(path, target.rate);
    const auto& breaker = target.breaker;
    if (breaker.open_for > breaker.open_max)
      report(path, "breaker.open_for", "is longer than breaker.open_max, which is " + duration_text(breaker.open_max));
  }

  void check_credential(const std::string& path, const std::string& name, const CredentialSettings& credential) {
    burst(path, credential.rate);
    const std::string environment_hint = name == "genesys" ? ", or set GENESYS_CLIENT_" : "";
    const auto missing = [&](std::string_view key, std::string_view kind, const std::string& variable) {
      if (was_wrong(path, key)) return;
      report(path, key,
             "is missing; kind \"" + std::string(kind) + "\" needs it" +
                 (environment_hint.empty() || variable.empty() ? "" : environment_hint + variable));
    };
    if (credential.kind == CredentialSettings::Kind::bearer) {
      if (credential.token.empty()) missing("token", "bearer", "");
      return;
    }
    if (credential.client_id.empty()) missing("client_id", "client_credentials", "ID");
    if (credential.send_as == CredentialSettings::SendAs::basic_raw &&
        credential.client_id.find(':') != std::string::npos)
      report(path, "client_id",
             "holds a colon, which ends the id where HTTP Basic is sent raw: send_as must be \"basic\" or \"form\"");
    if (credential.client_secret.empty()) missing("client_secret", "client_credentials", "SECRET");
    if (credential.token_url.empty()) missing("token_url", "client_credentials", "");
    if (!credential.token_url.empty() && !credential.token_url.tls && !is_loopback(credential.token_url.host))
      report(path, "token_url", "must be https: the client secret is sent there (plain http only to this machine)");
    retry(path, credential.retry);
  }

  void check_action(const std::string& path, const ActionSettings& action) {
    if (!action.credential.empty()) credential_exists(path, action.credential, "");
    retry(path, action.retry);
    within(path, "deadline", action.retry, action.deadline.limit);
    const auto url = action.settings.find("url");
    if (action.adapter != "http_json" || url == action.settings.end()) return;
    if (const auto parsed = parse_url(url->second); !parsed.url)
      report(path, "settings.url", "must be an http or https URL: " + parsed.problem);
  }

  void credential_exists(const std::string& path, const std::string& name, const std::string& hint) {
    if (config_.credentials.contains(name)) return;
    report(path, "credential", "there is no [" + join_key("credentials", name) + "]: add it" + hint);
  }

  void retry(const std::string& path, const RetryPolicy& retry) {
    if (retry.backoff > retry.backoff_max)
      report(path, "retry.backoff", "is longer than retry.backoff_max, which is " + duration_text(retry.backoff_max));
  }

  void within(const std::string& path, const std::string& limit, const RetryPolicy& retry,
              std::chrono::milliseconds length) {
    if (retry.attempt_timeout > length)
      report(path, "retry.attempt_timeout",
             "is " + duration_text(retry.attempt_timeout) + ", longer than " + limit + ", which is " +
                 duration_text(length));
  }

  void burst(const std::string& path, const Rate& rate) {
    const bool written = !reading_.place_of(join_key(path, "burst")).source.empty();
    if (written && rate.burst > 0 && !rate.limited()) report(path, "burst", "has no meaning without a rate");
  }

  // Reading has reported the key already.
  [[nodiscard]] bool was_wrong(const std::string& path, std::string_view key) const {
    const auto& problems = reading_.problems();
    return std::any_of(
        problems.begin(), problems.end(),
        [full_key = path + '.' + std::string(key)](const auto& problem) { return problem.key == full_key; });
  }

  // At the key where it was written, else at its table.
  void report(const std::string& path, std::string_view key, std::string sentence) {
    const auto full_key = key_in(path, key);
    reading_.report(place_of(path, full_key), full_key, std::move(sentence));
  }
  void warn(const std::string& path, std::string_view key, std::string sentence) {
    const auto full_key = key_in(path, key);
    reading_.warn(place_of(path, full_key), full_key, std::move(sentence));
  }

  static std::string key_in(const std::string& path, std::string_view key) {
    return key.empty() ? path : path + '.' + std::string(key);
  }

  [[nodiscard]] Place place_of(const std::string& path, const std::string& full_key) const {
    Place place = reading_.place_of(full_key);
    return place.source.empty() ? reading_.place_of(path) : place;
  }

  const Config& config_;
  Reading& reading_;
};

}  // namespace

void check_together(const Config& config, Reading& reading) { Checks(config, reading).run(); }

}  // namespace fulfilld
