// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/demo/scenes.hpp"

#include <nlohmann/json.hpp>

namespace fulfilld::demo {
namespace {

using Json = nlohmann::ordered_json;

/// A body for POST /execute; `simulate` is what the simulated backend does with the call.
std::string execute_body(const std::string& fulfillment_url, const Json& simulate = {}) {
  Json data{{"customerId", "C-1042"}, {"question", "open orders"}};
  if (!simulate.is_null()) data["simulate"] = simulate;
  return Json{{"fulfillmentUrl", fulfillment_url}, {"data", data}}.dump();
}

}  // namespace

std::vector<Scene> scenes(const integration::SimulatorClient& simulator) {
  const auto url = [&simulator](const std::string& id, const std::string& query = {}) {
    return simulator.fulfillment_url(id, query);
  };
  return {
      {"plain", "the backend answers at once", execute_body(url("plain")), 202, "complete"},
      {"flaky", "the backend answers 503 twice, then works",
       execute_body(url("flaky"), {{"status", 503}, {"times", 2}}), 202, "complete"},
      {"silent", "the backend takes the call and never answers", execute_body(url("silent"), {{"cut", "hang"}}), 202,
       "backend_timeout"},
      {"busy", "the backend answers 429 with Retry-After: 2",
       execute_body(url("busy"), {{"status", 429}, {"retry_after", 2}, {"times", 1}}), 202, "complete"},
      {"bounced", "Genesys Cloud refuses the result once, with 503", execute_body(url("bounced", "status=503&times=1")),
       202, "complete"},
      {"stranger", "the result would go to a host that is not allowed",
       execute_body("https://api.mypurecloud.com.example.org/stranger"), 403, ""},
  };
}

}  // namespace fulfilld::demo
