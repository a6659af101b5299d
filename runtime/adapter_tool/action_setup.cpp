// SPDX-License-Identifier: Apache-2.0
#include "runtime/adapter_tool/action_setup.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "runtime/config/load_config.hpp"
#include "runtime/config/report.hpp"
#include "runtime/config/toml_text.hpp"

namespace fulfilld {
namespace {

std::string made_up(const std::string& name) { return "made-up-secret-" + name + "-7c41d09ab3"; }

/// Every variable that a secret may come from; those with another meaning stay unset.
std::optional<std::string> made_up_environment(const std::string& name) {
  constexpr std::array<std::string_view, 7> others = {"PORT",
                                                      "STATE_DIRECTORY",
                                                      "EXTERNAL_API_URL",
                                                      "EXTERNAL_API_TOKEN",
                                                      "GENESYS_CLIENT_ID",
                                                      "GENESYS_CLIENT_SECRET",
                                                      "GENESYS_OAUTH_URL"};
  if (std::find(others.begin(), others.end(), name) != others.end()) return std::nullopt;
  return made_up(name);
}

bool is_below(const std::string& key, const std::string& table) { return key == table || key.starts_with(table + "."); }

/// True for a mistake that matters to the calls of that action.
bool concerns(const std::string& key, const std::string& action, const std::string& credential) {
  if (is_below(key, "actions")) return key == "actions" || is_below(key, join_key("actions", action));
  if (is_below(key, "credentials")) return !credential.empty() && is_below(key, join_key("credentials", credential));
  constexpr std::array<const char*, 10> others = {"server",      "journal", "limits", "callback", "metrics",
                                                  "supervision", "health",  "log",    "adapters", "shutdown"};
  return std::none_of(others.begin(), others.end(), [&](const char* table) { return is_below(key, table); });
}

/// The action's name; else `problem` says why there is none.
std::string choose(const Config& config, const ActionWish& wish, std::string& problem) {
  std::vector<std::string> fitting;
  std::string all;
  for (const auto& [name, action] : config.actions) {
    all += (all.empty() ? "" : ", ") + name;
    if (wish.action ? name == *wish.action : action.adapter == wish.adapter) fitting.push_back(name);
  }
  if (fitting.size() == 1) return fitting.front();
  problem = wish.config->string() + ": ";
  if (fitting.size() > 1)
    problem += "several actions use the adapter \"" + wish.adapter + "\"; choose one by --action (" + all + ")";
  else if (wish.action)
    problem += "there is no action \"" + *wish.action + "\" (there are: " + all + ")";
  else
    problem += "no action uses the adapter \"" + wish.adapter + "\" (actions: " + (all.empty() ? "none" : all) + ")";
  return {};
}

void make_up_secrets(const std::string& action, Config& config) {
  auto& settings = config.actions.at(action);
  for (auto& [name, secret] : settings.secrets) secret = Secret(made_up(name));
  if (settings.credential.empty()) return;
  auto& credential = config.credentials[settings.credential];
  credential.token = Secret(made_up("token"));
  credential.client_secret = Secret(made_up("client_secret"));
}

/// A mistake in a secret that is made up anyway.
bool is_of_secret(const std::string& key, const std::string& action, const std::string& credential) {
  if (is_below(key, join_key("actions", action) + ".secrets")) return true;
  const std::string table = join_key("credentials", credential);
  return !credential.empty() && (key == table + ".token" || key == table + ".client_secret");
}

ActionSetup from_file(const ActionWish& wish) {
  ActionSetup setup;
  auto loaded =
      load_config({.file = wish.config,
                   .environment = wish.made_up_secrets ? EnvironmentLookup(made_up_environment) : process_environment(),
                   .working_directory = ".",
                   .program = {}});
  if (!loaded.problems.empty() && loaded.config.actions.empty()) {
    setup.problem = check_report(loaded).text;
    return setup;
  }
  setup.action = choose(loaded.config, wish, setup.problem);
  if (!setup.problem.empty()) return setup;
  const auto& settings = loaded.config.actions.at(setup.action);
  if (settings.adapter != wish.adapter) {
    setup.problem = wish.config->string() + ": action \"" + setup.action + "\" uses the adapter \"" + settings.adapter +
                    "\", not \"" + wish.adapter + "\"";
    return setup;
  }
  setup.config = loaded.config;
  setup.config.actions = {{setup.action, settings}};
  std::erase_if(setup.config.credentials, [&](const auto& entry) { return entry.first != settings.credential; });
  if (wish.made_up_secrets) make_up_secrets(setup.action, setup.config);

  std::erase_if(loaded.problems, [&](const Problem& problem) {
    return !concerns(problem.key, setup.action, settings.credential) ||
           (wish.made_up_secrets && is_of_secret(problem.key, setup.action, settings.credential));
  });
  if (!loaded.usable()) setup.problem = check_report(loaded).text;
  return setup;
}

}  // namespace

ActionSetup set_up_action(const ActionWish& wish) {
  ActionSetup setup;
  if (wish.config) {
    setup = from_file(wish);
  } else {
    setup.action = wish.action.value_or(wish.adapter);
    setup.config.actions[setup.action].adapter = wish.adapter;
    setup.config.targets["default"];
  }
  if (!setup.problem.empty()) return setup;
  // No result is posted from here, so no token for that is wanted.
  setup.config.callback.authorization = CallbackAuthorization::fulfillment_token;
  for (const auto& [name, secret] : setup.settings().secrets) setup.secrets.push_back(secret.reveal());
  for (const auto& [name, credential] : setup.config.credentials)
    for (const auto& secret : {credential.token.current(), credential.client_secret.current()})
      if (!secret.empty()) setup.secrets.push_back(secret.reveal());
  return setup;
}

}  // namespace fulfilld
