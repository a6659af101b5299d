// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/fulfillment_endpoint.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

namespace fulfilld::simulator {
namespace {

/// The `status` of a result, or empty if the body is none.
std::string result_of(const std::string& body) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object() || !json.contains("status") || !json["status"].is_string()) return {};
  const auto status = json["status"].get<std::string>();
  const bool known = status == "complete" || status == "failed" || status == "in-progress";
  return known ? status : std::string();
}

}  // namespace

Exchange FulfillmentEndpoint::handle(const Request& request, std::uint64_t connection) {
  Exchange exchange;
  exchange.entry = record_.arrived(Side::callback, connection, request, request.path.substr(path.size()));
  auto& entry = *exchange.entry;
  const auto now = std::chrono::steady_clock::now();
  exchange.reply = answer(request, entry);
  if (exchange.reply.status != 401) limit_rate(request, exchange.reply, now);
  try {
    const auto asked = parse_fault_query(request.query);
    // What would be refused anyway meets no fault: a test that asks for a 503 wants it for a good request.
    if (exchange.reply.status != 200) return exchange;
    exchange.fault =
        faults_.choose(Side::callback, asked, request.target, entry.execution, entry.attempt, now).value_or(Fault{});
  } catch (const std::exception& problem) {
    exchange.reply = error_reply(400, "simulator.bad_fault", problem.what());
    return exchange;
  }
  entry.fault = exchange.fault.described;
  exchange.accepted = [this, taken = exchange.entry] { record_.take(*taken); };
  return exchange;
}

Reply FulfillmentEndpoint::answer(const Request& request, Entry& entry) const {
  if (request.method != "POST") return error_reply(405, "method.not.allowed", "POST, please");
  if (!authorized(request)) return error_reply(401, "bad.credentials", "Invalid login credentials.");
  if (!request.field("Content-Type").starts_with("application/json"))
    return error_reply(415, "unsupported.media.type", "Content-Type must be application/json");
  entry.result = result_of(request.body);
  if (entry.result.empty())
    return error_reply(400, "bad.request", "the body is no result with a status of complete, failed or in-progress");
  Reply reply;
  reply.body = nlohmann::ordered_json{{"id", entry.execution}, {"status", entry.result}}.dump();
  return reply;
}

/// As the platform does: a count for each token, told in each answer.
void FulfillmentEndpoint::limit_rate(const Request& request, Reply& reply, RateLimit::Time now) {
  const auto verdict = rate_limit_.enter(std::string(request.field("Authorization")), now);
  if (!verdict) return;
  const auto reset = std::to_string(verdict->until_reset.count());
  const auto allowed = std::to_string(verdict->allowed);
  if (!verdict->permitted) {
    reply = error_reply(
        429, "too.many.requests",
        "Rate limit exceeded the maximum of " + allowed + " requests. Retry the request in [" + reset + "] seconds");
    reply.fields.emplace_back("Retry-After", reset);
  }
  reply.fields.emplace_back("inin-ratelimit-count", std::to_string(verdict->count));
  reply.fields.emplace_back("inin-ratelimit-allowed", allowed);
  reply.fields.emplace_back("inin-ratelimit-reset", reset);
}

bool FulfillmentEndpoint::authorized(const Request& request) const {
  if (!settings_.check_authorization) return true;
  const auto authorization = request.field("Authorization");
  if (!authorization.starts_with("Bearer ")) return false;
  const auto token = authorization.substr(7);
  return tokens_.valid(token) || (!settings_.fulfillment_token.empty() && token == settings_.fulfillment_token);
}

}  // namespace fulfilld::simulator
