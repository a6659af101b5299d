// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/service.hpp"

#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace fulfilld::integration {
namespace {

using Json = nlohmann::json;

/// A log line's members; none for what is no JSON object.
Json parse_line(const std::string& line) {
  auto json = Json::parse(line, nullptr, false);
  return json.is_object() ? json : Json::object();
}

}  // namespace

Service::Service(const Command& command, OnLine on_line)
    : process_(
          command,
          [this, call = std::move(on_line)](std::string line) {
            if (call) call(line);
            output_.add(std::move(line));
          },
          [this] { output_.end(); }) {
  const auto listening =
      output_.wait_for([](const std::string& line) { return parse_line(line).value("event", "") == "listening"; });
  if (!listening) throw std::runtime_error("fulfilld does not start:\n" + log());
  port_ = parse_line(*listening).at("port").get<std::uint16_t>();
}

std::string Service::url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(port_) + path; }

HttpReply Service::execute(const std::string& body, const std::string& action) const {
  HttpCall request;
  request.method = "POST";
  request.url = url("/execute" + (action.empty() ? "" : "/" + action));
  request.fields = {{"Content-Type", "application/json"}};
  request.body = body;
  return call(request);
}

HttpReply Service::get(const std::string& path) const {
  HttpCall request;
  request.url = url(path);
  return call(request);
}

std::optional<Exit> Service::stop(std::chrono::milliseconds limit) {
  process_.send_signal(SIGTERM);
  return process_.wait(limit);
}

bool Service::logged(const std::string& event, const std::string& execution) const {
  return output_
      .wait_for([&](const std::string& line) {
        const auto json = parse_line(line);
        return json.value("event", "") == event && (execution.empty() || json.value("execution", "") == execution);
      })
      .has_value();
}

std::vector<Json> Service::events(const std::string& event, const std::string& execution) const {
  std::vector<Json> found;
  std::istringstream lines(log());
  for (std::string line; std::getline(lines, line);) {
    auto json = parse_line(line);
    if (json.value("event", "") == event && json.value("execution", "") == execution) found.push_back(std::move(json));
  }
  return found;
}

bool Service::said(const std::string& text) const {
  return output_.wait_for([&](const std::string& line) { return line.find(text) != std::string::npos; }).has_value();
}

Finished run(const Command& command) {
  Lines output;
  Process process(
      command, [&output](std::string line) { output.add(std::move(line)); }, [&output] { output.end(); });
  const auto exit = process.wait();
  if (!exit) throw std::runtime_error(command.program.string() + " does not end:\n" + output.text());
  return {*exit, output.text()};
}

}  // namespace fulfilld::integration
