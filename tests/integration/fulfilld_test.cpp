// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/fulfilld_test.hpp"

#include <fstream>
#include <utility>

namespace fulfilld::integration {

FulfilldTest::FulfilldTest() : simulator(FULFILLD_SIMULATOR) {
  set_text("server", "address", "127.0.0.1");
  set("server", "port", "0");
  set_text("journal", "directory", directory.path() / "journal");
  set_text("log", "format", "json");
  set_text("log", "level", "debug");
  set_text("credentials.genesys", "client_id", "client");
  set_text("credentials.genesys", "client_secret", "env:CLIENT_SECRET");
  set_text("credentials.genesys", "token_url", simulator.token_url());
  set_text("credentials.genesys", "retry.backoff", "20ms");
  set("callback", "allowed_hosts", R"(["127.0.0.1"])");
  set_text("callback", "retry.backoff", "20ms");
  set_text("actions.default", "retry.backoff", "20ms");
  set_text("actions.default.settings", "url", simulator.backend() + "/backend/crm");
  set_text("actions.default.secrets", "token", "env:BACKEND_TOKEN");
  simulator.configure({{"token", {{"client_id", "client"}, {"client_secret", client_secret}}}});
}

void FulfilldTest::set(const std::string& table, const std::string& key, const std::string& value) {
  configuration_[table][key] = value;
}

void FulfilldTest::set_text(const std::string& table, const std::string& key, const std::string& text) {
  set(table, key, Json(text).dump());
}

Command FulfilldTest::command() const {
  auto command = fulfilld_command({"--config", write_configuration()});
  command.directory = directory.path();
  command.environment["CLIENT_SECRET"] = client_secret;
  command.environment["BACKEND_TOKEN"] = backend_token;
  return command;
}

std::string FulfilldTest::write_configuration() const {
  const auto path = directory.path() / "fulfilld.toml";
  std::ofstream file(path);
  for (const auto& [table, settings] : configuration_) {
    file << "[" << table << "]\n";
    for (const auto& [key, value] : settings) file << key << " = " << value << "\n";
  }
  return path;
}

std::string FulfilldTest::execute_body(const std::string& id, const std::string& data,
                                       const std::string& callback_query) const {
  return R"({"fulfillmentUrl":")" + simulator.fulfillment_url(id, callback_query) + R"(","data":)" + data + "}";
}

Json FulfilldTest::result_of(const Service& service, const std::string& id, const std::string& data,
                             const std::string& callback_query) const {
  send(service, id, data, callback_query);
  return taken_result(id);
}

Json FulfilldTest::taken_result(const std::string& id) const {
  // Callbacks of other executions count too: wait for one more until it is ours.
  for (int seen = 1; simulator.wait({{"callbacks", seen}}); ++seen) {
    const auto callbacks = simulator.callbacks(id);
    for (const auto& callback : callbacks)
      if (callback.at("taken").get<bool>() && callback.at("result") != "in-progress")
        return Json::parse(callback.at("body").get<std::string>());
  }
  ADD_FAILURE() << "no result of " << id << " was taken:\n" << simulator.callbacks(id).dump(2);
  return Json::object();
}

void FulfilldTest::send(const Service& service, const std::string& id, const std::string& data,
                        const std::string& callback_query) const {
  const auto reply = service.execute(execute_body(id, data, callback_query));
  EXPECT_EQ(reply.status, 202) << reply.body;
}

Command fulfilld_command(std::vector<std::string> arguments) {
  return {FULFILLD_PROGRAM, std::move(arguments), {{"PATH", "/usr/bin:/bin"}}, {}};
}

double gap_ms(const Json& earlier, const Json& later) {
  return later.at("at_ms").get<double>() - earlier.at("answered_ms").get<double>();
}

}  // namespace fulfilld::integration
