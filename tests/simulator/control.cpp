// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/control.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <charconv>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulator/read_json.hpp"

namespace fulfilld::simulator {
namespace {

using Json = nlohmann::json;

constexpr std::string_view root = "/simulator/";

Reply reply_of(const nlohmann::ordered_json& json, int status = 200) {
  Reply reply;
  reply.status = status;
  reply.body = json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return reply;
}

std::uint64_t whole_number(const std::string& text) {
  std::uint64_t number = 0;
  const auto* end = text.data() + text.size();
  if (text.empty() || std::from_chars(text.data(), end, number).ptr != end)
    throw BadSetting(text + " is not a whole number");
  return number;
}

std::vector<FaultRule> parse_rules(const Json& list) {
  if (!list.is_array()) throw BadSetting("a list of faults is an array");
  std::vector<FaultRule> rules;
  for (const auto& rule : list) rules.push_back(parse_fault_rule(rule));
  return rules;
}

/// Takes the member `faults` out of a side's settings.
std::optional<std::vector<FaultRule>> take_rules(Json& side) {
  if (!side.is_object() || !side.contains("faults")) return std::nullopt;
  auto rules = parse_rules(side["faults"]);
  side.erase("faults");
  return rules;
}

/// What a wait is for: counters, and what each must reach.
class Goals {
 public:
  Goals(const std::map<std::string, std::string>& query, const Record& record) {
    for (const auto& [name, value] : query) {
      if (name == "timeout_ms") continue;
      if (!record.counter(name)) throw BadSetting("there is no counter of the name " + name);
      goals_[name] = whole_number(value);
    }
    if (goals_.empty()) throw BadSetting("say what to wait for, e.g. callbacks=1");
  }

  [[nodiscard]] bool reached(const Record& record) const {
    return std::all_of(goals_.begin(), goals_.end(),
                       [&](const auto& goal) { return *record.counter(goal.first) >= goal.second; });
  }

 private:
  std::map<std::string, std::uint64_t> goals_;
};

}  // namespace

asio::awaitable<Exchange> Control::handle(const Request& request) {
  Exchange exchange;
  try {
    if (request.method == "GET" && request.path == "/simulator/wait") {
      exchange.reply = co_await wait(request);
    } else {
      exchange.reply = request.method == "POST" ? command(request) : query(request);
    }
  } catch (const std::exception& problem) {
    exchange.reply = error_reply(400, "simulator.bad_request", problem.what());
  }
  co_return exchange;
}

Reply Control::command(const Request& request) {
  if (request.path == "/simulator/config") {
    configure(Json::parse(request.body));
  } else if (request.path == "/simulator/reset") {
    reset();
  } else if (request.path == "/simulator/revoke-tokens") {
    tokens_.revoke_all();
  } else if (request.path == "/simulator/release") {
    release_.raise();
  } else {
    return error_reply(404, "simulator.not_found", "config, reset, revoke-tokens or release");
  }
  return reply_of({{"ok", true}});
}

Reply Control::query(const Request& request) const {
  constexpr std::string_view callbacks = "/simulator/callbacks/";
  if (request.path == "/simulator/counts") return reply_of(record_.counts());
  if (request.path == "/simulator/outcomes") return reply_of(record_.outcomes());
  if (request.path == "/simulator/attempts") return reply_of(record_.attempts());
  if (request.path.starts_with(callbacks)) return reply_of(record_.callbacks_of(request.path.substr(callbacks.size())));
  if (request.path == "/simulator/record") {
    nlohmann::ordered_json json;
    for (const auto side : all_sides) json[std::string(name(side))] = record_.entries(side);
    json["counts"] = record_.counts();
    return reply_of(json);
  }
  return error_reply(404, "simulator.not_found", "record, counts, outcomes, attempts, callbacks/ID or wait");
}

asio::awaitable<Reply> Control::wait(const Request& request) {
  const Goals goals(request.query, record_);
  const auto limit = request.query.find("timeout_ms");
  const std::chrono::milliseconds patience(limit == request.query.end() ? 10000 : whole_number(limit->second));
  const auto end = std::chrono::steady_clock::now() + patience;
  asio::steady_timer timer(co_await asio::this_coro::executor);
  const Signal::Listener listener(changed_, timer);
  error_code ignored;
  while (!goals.reached(record_) && std::chrono::steady_clock::now() < end) {
    timer.expires_at(end);
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  co_return reply_of(record_.counts(), goals.reached(record_) ? 200 : 504);
}

void Control::configure(const Json& json) {
  // Everything is read before anything is changed.
  auto token_settings = tokens_.settings;
  auto callback_settings = callbacks_.settings();
  auto backend_settings = backend_.settings();
  std::map<Side, std::vector<FaultRule>> rules;
  std::map<Origin, AcceptSettings> accept;
  std::optional<std::uint64_t> seed;
  const auto without_rules = [&rules](Side side, Json settings) {
    if (auto taken = take_rules(settings)) rules[side] = std::move(*taken);
    return settings;
  };
  const auto accept_of = [&accept](Origin origin) {
    return [&accept, origin](const Json& v) { accept[origin] = parse_accept_settings(v); };
  };
  read_members(
      json,
      {
          {"seed", [&](const Json& v) { seed = read_count(v); }},
          {"record_limit", [&](const Json& v) { record_.set_limit(read_count(v)); }},
          {"token", [&](const Json& v) { token_settings = changed(token_settings, without_rules(Side::token, v)); }},
          {"callback",
           [&](const Json& v) { callback_settings = changed(callback_settings, without_rules(Side::callback, v)); }},
          {"backend",
           [&](const Json& v) { backend_settings = changed(backend_settings, without_rules(Side::backend, v)); }},
          {"accept",
           [&](const Json& v) {
             read_members(v, {{"genesys", accept_of(Origin::genesys)}, {"backend", accept_of(Origin::backend)}});
           }},
      });
  tokens_.settings = token_settings;
  callbacks_.set(callback_settings);
  backend_.set(backend_settings);
  for (auto& [side, list] : rules) faults_.set_rules(side, std::move(list));
  for (const auto& [origin, settings] : accept) set_accept_(origin, settings);
  if (seed) faults_.reseed(*seed);
}

void Control::reset() {
  tokens_.revoke_all();
  tokens_.settings = {};
  callbacks_.set({});
  backend_.set({});
  for (const auto side : all_sides) faults_.set_rules(side, {});
  for (const auto origin : {Origin::genesys, Origin::backend}) set_accept_(origin, {});
  record_.clear();
}

}  // namespace fulfilld::simulator
