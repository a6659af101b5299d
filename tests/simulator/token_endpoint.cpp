// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/token_endpoint.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace fulfilld::simulator {
namespace {

constexpr std::chrono::hours a_day{24};

struct Credentials {
  bool basic = false;
  std::string id;
  std::string secret;
};

/// The bytes, or nothing where that is no base64.
std::string base64_decoded(std::string_view text) {
  std::string bytes(text.size(), '\0');
  const auto length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  const auto padding = std::count(text.begin(), text.end(), '=');
  bytes.resize(static_cast<std::size_t>(std::max<std::ptrdiff_t>(length - padding, 0)));
  return bytes;
}

/// RFC 6749, 2.3.1: Basic with form-encoded halves, or the fields client_id and client_secret.
Credentials credentials_of(const Request& request, const std::map<std::string, std::string>& form) {
  const auto authorization = request.field("Authorization");
  const auto get = [&form](const char* key) { return form.contains(key) ? form.at(key) : std::string(); };
  if (!authorization.starts_with("Basic ")) return {false, get("client_id"), get("client_secret")};
  const auto pair = base64_decoded(authorization.substr(6));
  const auto colon = pair.find(':');
  if (colon == std::string::npos) return {true, {}, {}};
  return {true, percent_decoded(std::string_view(pair).substr(0, colon), true),
          percent_decoded(std::string_view(pair).substr(colon + 1), true)};
}

}  // namespace

Exchange TokenEndpoint::handle(const Request& request, std::uint64_t connection) {
  Exchange exchange;
  exchange.entry = record_.arrived(Side::token, connection, request, "");
  try {
    const auto asked = parse_fault_query(request.query);
    exchange.fault =
        faults_
            .choose(Side::token, asked, request.target, "", exchange.entry->attempt, std::chrono::steady_clock::now())
            .value_or(Fault{});
    exchange.entry->fault = exchange.fault.described;
  } catch (const std::exception& problem) {
    exchange.reply = error_reply(400, "simulator.bad_fault", problem.what());
    return exchange;
  }
  exchange.reply = answer(request);
  exchange.accepted = [this, counted = false]() mutable {
    if (!std::exchange(counted, true)) record_.token_issued();
  };
  return exchange;
}

Reply TokenEndpoint::answer(const Request& request) {
  if (request.method != "POST") return error_reply(405, "method.not.allowed", "POST, please");
  const auto form = parse_form(request.body);
  if (!form.contains("grant_type") || form.at("grant_type") != "client_credentials")
    return error_reply(400, "unsupported_grant_type", "grant_type must be client_credentials");
  const auto given = credentials_of(request, form);
  const auto fits = [](const std::string& wanted, const std::string& got) {
    return wanted.empty() ? !got.empty() : wanted == got;
  };
  using Way = TokenSettings::Credentials;
  const bool right_way = settings.credentials == Way::any || (settings.credentials == Way::basic) == given.basic;
  if (!right_way || !fits(settings.client_id, given.id) || !fits(settings.client_secret, given.secret))
    return error_reply(401, "invalid_client", "client authentication failed");

  nlohmann::ordered_json body{{"access_token", issue()}, {"token_type", "bearer"}};
  if (!settings.expires_in.is_null()) body["expires_in"] = settings.expires_in;
  Reply reply;
  reply.body = body.dump();
  return reply;
}

std::string TokenEndpoint::issue() {
  auto holds = std::chrono::milliseconds(a_day);
  if (settings.expires_in.is_number() && settings.expires_in.get<double>() > 0)
    holds = std::chrono::milliseconds(static_cast<std::int64_t>(settings.expires_in.get<double>() * 1000));
  auto token = "simulated-token-" + std::to_string(++issued_);
  expiry_[token] = std::chrono::steady_clock::now() + settings.lifetime.value_or(holds);
  return token;
}

bool TokenEndpoint::valid(std::string_view token) const {
  const auto found = expiry_.find(token);
  return found != expiry_.end() && std::chrono::steady_clock::now() < found->second;
}

}  // namespace fulfilld::simulator
