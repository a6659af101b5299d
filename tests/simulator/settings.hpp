// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

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
  std::string fulfillment_token;  ///< a bearer that is accepted beside the issued ones; empty: none
};

/// What a listening socket does with new connections.
struct AcceptSettings {
  enum class Kind : std::uint8_t {
    normal,
    refuse,  ///< the port is closed
    silent,  ///< the connection stands, and nothing is ever said (no TLS handshake either)
    reset,   ///< reset before anything is read
    close,   ///< closed before anything is read
  };
  Kind kind = Kind::normal;
  std::chrono::milliseconds delay{0};  ///< before the TLS handshake and the first read
  std::uint64_t times = UINT64_MAX;    ///< after so many connections all is normal again; not for `refuse`
};

/// The settings with those members changed that `json` has; an unknown member or value is a `BadSetting`.
[[nodiscard]] TokenSettings changed(TokenSettings settings, const nlohmann::json& json);
[[nodiscard]] CallbackSettings changed(CallbackSettings settings, const nlohmann::json& json);

/// Reads `{"kind": ..., "delay_ms": ..., "times": ...}`; what is not given has its default.
[[nodiscard]] AcceptSettings parse_accept_settings(const nlohmann::json& json);

}  // namespace fulfilld::simulator
