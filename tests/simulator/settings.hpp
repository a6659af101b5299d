// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "tests/simulator/rate_limit.hpp"

namespace fulfilld::simulator {

/// How the token endpoint behaves when no fault meets a request.
struct TokenSettings {
  enum class Credentials : std::uint8_t { any, basic, form };
  std::string client_id;      ///< empty: any that is not empty
  std::string client_secret;  ///< empty: any that is not empty
  Credentials credentials = Credentials::any;
  nlohmann::json expires_in = 86400;  ///< put into the answer as it is; null: left out
  /// How long a token really holds; without it as long as `expires_in` says, or a day.
  std::optional<std::chrono::milliseconds> lifetime;
};

/// How the fulfillment endpoint behaves when no fault meets a request.
struct CallbackSettings {
  bool check_authorization = true;
  std::string fulfillment_token;                ///< a bearer that is accepted beside the issued ones; empty: none
  std::optional<RateLimitSettings> rate_limit;  ///< for each bearer
};

/// How the backend behaves when no fault meets a request.
struct BackendSettings {
  std::optional<RateLimitSettings> rate_limit;  ///< for all of it
};

/// What a listening socket does with new connections.
struct AcceptSettings {
  enum class Kind : std::uint8_t {
    normal,
    refuse,       ///< the port is closed
    unreachable,  ///< no connection comes about: what wants to connect is dropped without a word
    silent,       ///< the connection stands, and nothing is ever said (no TLS handshake either)
    reset,        ///< reset before anything is read
    close,        ///< closed before anything is read
  };
  Kind kind = Kind::normal;
  std::optional<std::uint64_t> after;  ///< silent, reset, close: only in place of the byte after so many of ours
  std::chrono::milliseconds delay{0};  ///< before the TLS handshake and the first read
  std::chrono::milliseconds drip{0};   ///< between single bytes of ours, below TLS
  std::uint64_t times = UINT64_MAX;    ///< after so many connections all is normal again

  /// True if connections come about.
  [[nodiscard]] bool accepts() const noexcept { return kind != Kind::refuse && kind != Kind::unreachable; }
};

/// The settings with those members changed that `json` has; an unknown member or value is a `BadSetting`.
[[nodiscard]] TokenSettings changed(TokenSettings settings, const nlohmann::json& json);
[[nodiscard]] CallbackSettings changed(CallbackSettings settings, const nlohmann::json& json);
[[nodiscard]] BackendSettings changed(BackendSettings settings, const nlohmann::json& json);

/// Reads `{"kind": ..., "delay_ms": ..., "times": ...}`; what is not given has its default.
[[nodiscard]] AcceptSettings parse_accept_settings(const nlohmann::json& json);

}  // namespace fulfilld::simulator
