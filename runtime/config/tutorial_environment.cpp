// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/tutorial_environment.hpp"

#include <charconv>
#include <cstdint>
#include <string>
#include <utility>

namespace fulfilld {
namespace {

constexpr auto genesys_token_url = "https://login.mypurecloud.com/oauth/token";

// The table under `key`, made if there is none; null where the file has something else in its place.
Node::Table* table_in(Node::Table& parent, const std::string& key, const Place& place) {
  const auto [member, made] = parent.try_emplace(key, Node{Node::Table{}, place, place});
  return member->second.table();
}

void fill(Node::Table* table, const std::string& key, std::string value, const Place& place) {
  if (table != nullptr) table->try_emplace(key, Node{std::move(value), place, place});
}

Node number_or_text(const Environment::Variable& variable) {
  std::int64_t number = 0;
  const auto* const end = variable.text.data() + variable.text.size();
  const auto [rest, error] = std::from_chars(variable.text.data(), end, number);
  if (error == std::errc() && rest == end) return {number, variable.place, variable.place};
  return {variable.text, variable.place, variable.place};
}

void add_credential(Node::Table& root, const Environment& environment) {
  const auto id = environment.find("GENESYS_CLIENT_ID");
  const auto secret = environment.find("GENESYS_CLIENT_SECRET");
  const auto* written = root.contains("credentials") ? root.at("credentials").find("genesys") : nullptr;
  if (!id && !secret && written == nullptr) return;

  auto* credentials = table_in(root, "credentials", {});
  if (credentials == nullptr) return;
  auto* genesys = table_in(*credentials, "genesys", id ? id->place : secret ? secret->place : Place{});
  if (id) fill(genesys, "client_id", id->text, id->place);
  if (secret) fill(genesys, "client_secret", "env:GENESYS_CLIENT_SECRET", secret->place);
  if (const auto token_url = environment.find("GENESYS_OAUTH_URL"))
    fill(genesys, "token_url", token_url->text, token_url->place);
  fill(genesys, "token_url", genesys_token_url, {"default"});
}

void add_action(Node::Table& root, const Environment& environment) {
  const auto url = environment.find("EXTERNAL_API_URL");
  const auto token = environment.find("EXTERNAL_API_TOKEN");
  const auto* written = root.contains("actions") ? root.at("actions").find("default") : nullptr;
  if (!url && written == nullptr) return;
  const auto* adapter = written == nullptr ? nullptr : written->find("adapter");
  if (adapter != nullptr && (adapter->text() == nullptr || *adapter->text() != "http_json")) return;

  const Place place = url ? url->place : Place{};
  auto* actions = table_in(root, "actions", place);
  auto* action = actions == nullptr ? nullptr : table_in(*actions, "default", place);
  if (action == nullptr) return;
  if (url) fill(table_in(*action, "settings", url->place), "url", url->text, url->place);
  if (token) fill(table_in(*action, "secrets", token->place), "token", "env:EXTERNAL_API_TOKEN", token->place);
}

}  // namespace

void add_tutorial_environment(Node& root, const Environment& environment) {
  auto* tables = root.table();
  if (tables == nullptr) return;
  if (const auto port = environment.find("PORT"))
    if (auto* server = table_in(*tables, "server", port->place)) (*server)["port"] = number_or_text(*port);
  add_credential(*tables, environment);
  add_action(*tables, environment);
}

}  // namespace fulfilld
