// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/backend.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace fulfilld::simulator {
namespace {

/// What makes two calls attempts of one execution: the key that the host adds, else that they are the same.
std::string execution_of(const Request& request) {
  const auto key = request.field("Idempotency-Key");
  return key.empty() ? request.target + "\n" + request.body : std::string(key);
}

/// The fault that the request asks for, by its query or by `simulate` in its JSON body.
std::optional<FaultRule> asked_by(const Request& request) {
  if (auto asked = parse_fault_query(request.query)) return asked;
  if (request.body.find("\"simulate\"") == std::string::npos) return std::nullopt;
  const auto json = nlohmann::json::parse(request.body, nullptr, false);
  if (!json.is_object() || !json.contains("simulate")) return std::nullopt;
  return parse_fault_rule(json["simulate"]);
}

/// As a JSON string, whatever the bytes are.
std::string quoted(const std::string& bytes) {
  return nlohmann::json(bytes).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Exchange Backend::handle(const Request& request, std::uint64_t connection) {
  Exchange exchange;
  exchange.entry = record_.arrived(Side::backend, connection, request, execution_of(request));
  auto& entry = *exchange.entry;
  if (!authorized(request)) {
    exchange.reply = error_reply(401, "bad.credentials", "Invalid login credentials.");
    return exchange;
  }
  const auto now = std::chrono::steady_clock::now();
  const auto verdict = rate_limit_.enter("", now);
  if (verdict && !verdict->permitted) {
    exchange.reply = error_reply(429, "too.many.requests", "more requests than the backend allows");
    exchange.reply.fields.emplace_back("Retry-After", std::to_string(verdict->until_reset.count()));
    return exchange;
  }
  try {
    exchange.fault =
        faults_.choose(Side::backend, asked_by(request), request.target, entry.execution, entry.attempt, now)
            .value_or(Fault{});
  } catch (const std::exception& problem) {
    exchange.reply = error_reply(400, "simulator.bad_fault", problem.what());
    return exchange;
  }
  entry.fault = exchange.fault.described;
  // The body goes back byte for byte, not as a JSON library would write it again.
  const auto echo = nlohmann::json::accept(request.body) ? request.body : quoted(request.body);
  exchange.reply.body = R"({"ok":true,"attempt":)" + std::to_string(entry.attempt) + R"(,"echo":)" + echo + "}";
  return exchange;
}

bool Backend::authorized(const Request& request) const {
  constexpr std::string_view scheme = "Bearer ";
  if (!request.path.starts_with(protected_path)) return true;
  const auto authorization = request.field("Authorization");
  return authorization.starts_with(scheme) && tokens_.valid(authorization.substr(scheme.size()));
}

}  // namespace fulfilld::simulator
