// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/simulator_client.hpp"

#include <sstream>
#include <stdexcept>
#include <utility>

namespace fulfilld::integration {
namespace {

/// `ready genesys=URL backend=URL control=URL`
std::map<std::string, std::string> parse_ready_line(const std::string& line) {
  std::map<std::string, std::string> urls;
  std::istringstream words(line);
  for (std::string word; words >> word;)
    if (const auto equals = word.find('='); equals != std::string::npos)
      urls[word.substr(0, equals)] = word.substr(equals + 1);
  return urls;
}

}  // namespace

SimulatorClient::SimulatorClient(const std::filesystem::path& program, std::vector<std::string> arguments)
    : process_(
          {program, std::move(arguments), {}, {}}, [this](std::string line) { output_.add(std::move(line)); },
          [this] { output_.end(); }) {
  const auto ready = output_.wait_for([](const std::string& line) { return line.starts_with("ready "); });
  if (!ready) throw std::runtime_error("the simulator does not start: " + output_.text());
  urls_ = parse_ready_line(*ready);
}

std::string SimulatorClient::fulfillment_url(const std::string& id, const std::string& query_text) const {
  return genesys() + "/api/v2/dataactions/fulfillments/" + id + (query_text.empty() ? "" : "?" + query_text);
}

void SimulatorClient::configure(const Json& settings) const {
  HttpCall request;
  request.method = "POST";
  request.url = control() + "/simulator/config";
  request.body = settings.dump();
  const auto reply = call(request);
  if (reply.status != 200) throw std::invalid_argument("simulator: " + reply.body);
}

bool SimulatorClient::wait(const std::map<std::string, int>& counters, std::chrono::milliseconds limit) const {
  HttpCall request;
  request.url = control() + "/simulator/wait?timeout_ms=" + std::to_string(limit.count());
  for (const auto& [name, number] : counters) request.url += "&" + name + "=" + std::to_string(number);
  request.limit = limit + patience;
  const auto reply = call(request);
  if (reply.status == 400) throw std::invalid_argument("simulator: " + reply.body);
  return reply.status == 200;
}

std::vector<Json> SimulatorClient::backend_calls(const std::string& id) const {
  std::vector<Json> calls;
  const auto all = record();
  for (const auto& entry : all.at("backend"))
    if (id.empty() || entry.at("execution") == id) calls.push_back(entry);
  return calls;
}

void SimulatorClient::command(const std::string& name) const {
  HttpCall request;
  request.method = "POST";
  request.url = control() + "/simulator/" + name;
  if (call(request).status != 200) throw std::runtime_error("simulator: " + name + " failed");
}

Json SimulatorClient::query(const std::string& path) const {
  HttpCall request;
  request.url = control() + "/simulator/" + path;
  return Json::parse(call(request).body);
}

}  // namespace fulfilld::integration
