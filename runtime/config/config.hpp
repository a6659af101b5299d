// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "actors/policy/callback_authorization.hpp"
#include "actors/policy/deadline.hpp"
#include "actors/policy/restart_policy.hpp"
#include "actors/policy/retry_plan.hpp"
#include "actors/policy/target_gate.hpp"
#include "actors/policy/token_bucket.hpp"
#include "actors/ports/blocking_threads.hpp"
#include "actors/url.hpp"
#include "runtime/config/rotating_secret.hpp"
#include "runtime/config/secret.hpp"
#include "runtime/config/user_agent.hpp"
#include "runtime/url/host_allow_list.hpp"

namespace fulfilld {

/// `[server]`: where executions come in.
struct ServerSettings {
  std::string address = "0.0.0.0";
  std::uint16_t port = 3000;  ///< 0: any free one (it is logged)
  std::size_t max_connections = 256;
  std::size_t max_body = 1 << 20;
  std::chrono::milliseconds request_timeout{10000};  ///< from the first byte of a request to its last
  std::chrono::milliseconds keep_alive{15000};
  std::string tls_certificate;  ///< PEM file; with `tls_key` the server speaks HTTPS
  std::string tls_key;
};

/// `[journal]`
struct JournalSettings {
  std::filesystem::path directory = "fulfilld-data";                ///< $STATE_DIRECTORY when that is set
  bool full_sync = true;                                            ///< synchronous = "full" | "normal"
  std::chrono::milliseconds accept_timeout{5000};                   ///< how long a request may wait for its commit
  std::chrono::milliseconds retention{std::chrono::hours{7 * 24}};  ///< how long the record of what has ended is kept
  std::size_t max_size = std::size_t{4} << 30;  ///< bytes; beyond it the oldest ended go before that; 0: no limit
};

/// `[limits]`
struct LimitSettings {
  std::size_t max_in_flight = 20000;               ///< executions accepted and not yet ended
  std::size_t max_bytes = std::size_t{256} << 20;  ///< what those hold
  std::uint32_t park_after = 3;                    ///< deaths of the process after which an execution is parked
};

/// `[callback]`: how results go to the fulfillmentUrl.
struct CallbackSettings {
  CallbackAuthorization authorization = CallbackAuthorization::oauth;
  std::string credential = "genesys";                            ///< the `[credentials.NAME]` for oauth
  std::vector<std::string> allowed_hosts = genesys_api_hosts();  ///< exact host names, optionally with a port
  RetryPolicy retry{.attempts = 1000000,
                    .attempt_timeout = std::chrono::seconds{8},
                    .backoff = std::chrono::seconds{2},
                    .backoff_max = std::chrono::seconds{30}};
  std::chrono::milliseconds lifetime{15 * 60 * 1000};                        ///< after it the result is undeliverable
  Rate rate{.count = 270, .period = std::chrono::seconds{60}, .burst = 30};  ///< never more than 300 in a minute
  bool report_attempts = false;
  std::chrono::milliseconds progress_interval{5000};  ///< between two `in-progress` of one execution, at least
};

/// `[credentials.NAME]`
struct CredentialSettings {
  enum class Kind { client_credentials, bearer };
  /// How id and secret reach the token endpoint (RFC 6749, 2.3.1).
  enum class SendAs {
    basic,      ///< HTTP Basic, each form-encoded first, as the RFC has it
    basic_raw,  ///< HTTP Basic, as they are: for endpoints that do not decode
    form,       ///< form fields
  };
  Kind kind = Kind::client_credentials;
  Url token_url;
  std::string client_id;
  RotatingSecret client_secret;
  SendAs send_as = SendAs::basic;
  std::string scope;
  RetryPolicy retry{.attempts = 1000000,
                    .attempt_timeout = std::chrono::seconds{8},
                    .backoff = std::chrono::seconds{1},
                    .backoff_max = std::chrono::seconds{30}};
  RotatingSecret token;  ///< kind bearer: sent as it is
  Rate rate;             ///< of all calls that use it
};

/// `[actions.NAME]`
struct ActionSettings {
  std::string adapter = "http_json";
  DeadlinePolicy deadline;
  std::chrono::milliseconds heartbeat{0};  ///< 0: none
  RetryPolicy retry;
  std::size_t max_result = 500 << 10;           ///< bytes of a result, as it is posted
  LaneLimits blocking;                          ///< of the adapter's blocking work
  std::string credential;                       ///< `[credentials.NAME]` for the adapter's calls, or empty
  std::map<std::string, std::string> settings;  ///< `[actions.NAME.settings]`, for the adapter; values as text
  std::map<std::string, Secret> secrets;        ///< `[actions.NAME.secrets]`, for the adapter
};

/// `[egress]`: all calls that go out.
struct EgressLimits {
  std::size_t max_calls = 2000;                   ///< at a time, to all targets together
  std::string ca_file;                            ///< PEM file of the authorities to trust in place of the system's
  std::string user_agent = default_user_agent();  ///< of requests that name none of their own; empty: none
};

/// `[metrics]`: where they can be read.
struct MetricsSettings {
  std::string address = "127.0.0.1";
  std::optional<std::uint16_t> port;  ///< nothing: nowhere; 0: any free one (it is logged)
};

/// `[log]`
struct LogSettings {
  enum class Format { automatic, json, text };
  Format format = Format::automatic;  ///< automatic: text on a terminal, JSON elsewhere
  std::string level = "info";         ///< debug | info | warning | error
};

/// The whole configuration, checked. Every default stands here and nowhere else.
struct Config {
  ServerSettings server;
  JournalSettings journal;
  LimitSettings limits;
  CallbackSettings callback;
  EgressLimits egress;
  MetricsSettings metrics;
  LogSettings log;
  std::map<std::string, CredentialSettings> credentials;
  /// `[targets."ORIGIN"]`, by `Url::origin`. What a table does not set comes from `[targets.default]`, which is always
  /// there and also stands for every origin that has no table of its own.
  std::map<std::string, TargetPolicy> targets;
  std::map<std::string, ActionSettings> actions;
  /// `[supervision.NAME]`: by kind of service actor. What a table does not set, and those that have no table, are as in
  /// `[supervision.default]`.
  std::map<std::string, RestartPolicy> supervision{
      {"default", {}}, {"callback_lane", {}}, {"http_pool", {}}, {"rate_limiter", {}}, {"token", {}}};
  std::vector<std::filesystem::path> adapter_files;        ///< `[adapters] files`: come before all directories
  std::vector<std::filesystem::path> adapter_directories;  ///< `[adapters] directories`; default: beside the program
  std::chrono::milliseconds stuck_after{10000};            ///< `[health] stuck_after`: a part that does not answer
  std::chrono::milliseconds slow_handler{50};              ///< `[health] slow_handler`: an actor's thread kept so long
  std::chrono::milliseconds hung_adapter{10000};           ///< `[health] hung_adapter`: ends the process; 0: never
  std::chrono::milliseconds shutdown_grace{30000};         ///< `[shutdown] grace`
  std::size_t workers = 1;                                 ///< `[actors] workers`
};

}  // namespace fulfilld
