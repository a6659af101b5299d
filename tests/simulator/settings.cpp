// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/settings.hpp"

#include "tests/simulator/read_json.hpp"

namespace fulfilld::simulator {

using Json = nlohmann::json;

TokenSettings changed(TokenSettings settings, const Json& json) {
  using Credentials = TokenSettings::Credentials;
  read_members(
      json, {
                {"client_id", [&](const Json& v) { settings.client_id = read_text(v); }},
                {"client_secret", [&](const Json& v) { settings.client_secret = read_text(v); }},
                {"credentials_in",
                 [&](const Json& v) {
                   settings.credentials = read_word<Credentials>(
                       v, {{"any", Credentials::any}, {"basic", Credentials::basic}, {"form", Credentials::form}});
                 }},
                {"expires_in", [&](const Json& v) { settings.expires_in = v; }},
                {"lifetime_ms", [&](const Json& v) { settings.lifetime = std::chrono::milliseconds(read_count(v)); }},
            });
  return settings;
}

CallbackSettings changed(CallbackSettings settings, const Json& json) {
  read_members(json, {
                         {"check_authorization", [&](const Json& v) { settings.check_authorization = read_flag(v); }},
                         {"fulfillment_token", [&](const Json& v) { settings.fulfillment_token = read_text(v); }},
                         {"rate_limit", [&](const Json& v) { settings.rate_limit = parse_rate_limit(v); }},
                     });
  return settings;
}

BackendSettings changed(BackendSettings settings, const Json& json) {
  read_members(json, {{"rate_limit", [&](const Json& v) { settings.rate_limit = parse_rate_limit(v); }}});
  return settings;
}

AcceptSettings parse_accept_settings(const Json& json) {
  using Kind = AcceptSettings::Kind;
  AcceptSettings settings;
  read_members(json,
               {
                   {"kind",
                    [&](const Json& v) {
                      settings.kind = read_word<Kind>(v, {{"normal", Kind::normal},
                                                          {"refuse", Kind::refuse},
                                                          {"unreachable", Kind::unreachable},
                                                          {"silent", Kind::silent},
                                                          {"reset", Kind::reset},
                                                          {"close", Kind::close}});
                    }},
                   {"after", [&](const Json& v) { settings.after = read_count(v); }},
                   {"drip_ms", [&](const Json& v) { settings.drip = std::chrono::milliseconds(read_count(v)); }},
                   {"delay_ms", [&](const Json& v) { settings.delay = std::chrono::milliseconds(read_count(v)); }},
                   {"times", [&](const Json& v) { settings.times = read_count(v); }},
               });
  return settings;
}

}  // namespace fulfilld::simulator
