// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/fulfillment_endpoint.hpp"

#include <nlohmann/json.hpp>

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
  exchange.reply = answer(request, entry);
  try {
    const auto asked = parse_fault_query(request.query);
    // What would be refused anyway meets no fault: a test that asks for a 503 wants it for a good request.
    if (exchange.reply.status != 200) return exchange;
    exchange.fault =
        faults_.choose(Side::callback, asked, request.target, entry.execution, entry.attempt).value_or(Fault{});
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

bool FulfillmentEndpoint::authorized(const Request& request) const {
  if (!settings.check_authorization) return true;
  const auto authorization = request.field("Authorization");
  if (!authorization.starts_with("Bearer ")) return false;
  const auto token = authorization.substr(7);
  return tokens_.valid(token) || (!settings.fulfillment_token.empty() && token == settings.fulfillment_token);
}

}  // namespace fulfilld::simulator
