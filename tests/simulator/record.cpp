// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/record.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

namespace fulfilld::simulator {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::size_t index(Side side) { return static_cast<std::size_t>(side); }
constexpr std::size_t index(Origin origin) { return static_cast<std::size_t>(origin); }

OrderedJson to_json(const Entry& entry) {
  // Fields of one name are joined, as RFC 9110, 5.2 allows.
  auto headers = OrderedJson::object();
  for (const auto& [name, value] : entry.request.fields) {
    std::string key = name;
    std::transform(key.begin(), key.end(), key.begin(), [](unsigned char c) { return std::tolower(c); });
    headers[key] = headers.contains(key) ? headers[key].get<std::string>() + ", " + value : value;
  }
  OrderedJson json{{"number", entry.number},         {"at_ms", entry.at_ms},           {"connection", entry.connection},
                   {"method", entry.request.method}, {"target", entry.request.target}, {"headers", std::move(headers)},
                   {"body", entry.request.body}};
  if (entry.side != Side::token) {
    json["execution"] = entry.execution;
    json["attempt"] = entry.attempt;
  }
  if (entry.side == Side::callback) {
    json["result"] = entry.result;
    json["taken"] = entry.taken;
  }
  json["status"] = entry.status;
  json["fault"] = entry.fault;
  if (entry.answered_ms) json["answered_ms"] = *entry.answered_ms;
  if (entry.abandoned_ms) json["abandoned_after_ms"] = *entry.abandoned_ms - entry.at_ms;
  return json;
}

}  // namespace

std::shared_ptr<Entry> Record::arrived(Side side, std::uint64_t connection, Request request, std::string execution) {
  auto entry = std::make_shared<Entry>();
  entry->number = next_number_++;
  entry->side = side;
  entry->at_ms = now_ms();
  entry->connection = connection;
  entry->request = std::move(request);
  entry->attempt = ++attempts_[index(side)][execution];
  entry->execution = std::move(execution);
  entries_.push_back(entry);
  if (entries_.size() > limit_) entries_.pop_front();
  ++requests_[index(side)];
  ++open_[index(side)];
  changed_();
  return entry;
}

void Record::answered(Entry& entry, int status) {
  entry.status = status;
  entry.answered_ms = now_ms();
}

void Record::abandoned(Entry& entry) {
  if (entry.abandoned_ms) return;
  entry.abandoned_ms = now_ms();
  if (entry.number < first_number_) return;
  ++abandoned_[index(entry.side)];
  changed_();
}

void Record::closed(const Entry& entry) {
  if (entry.number < first_number_) return;
  --open_[index(entry.side)];
  changed_();
}

void Record::token_issued() {
  ++tokens_issued_;
  changed_();
}

void Record::take(Entry& entry) {
  if (entry.taken || entry.number < first_number_) return;
  entry.taken = true;
  if (entry.result == "in-progress") {
    ++progress_;
  } else {
    auto& [complete, failed, first_body] = outcomes_[entry.execution];
    const auto body = std::hash<std::string>{}(entry.request.body);
    if (complete + failed == 0) {
      first_body = body;
    } else {
      ++duplicates_;
      if (body != first_body) ++contradictions_;
    }
    ++(entry.result == "complete" ? complete : failed);
  }
  changed_();
}

std::uint64_t Record::connected(Origin origin) {
  ++connections_[index(origin)];
  ++connections_open_[index(origin)];
  changed_();
  return next_connection_++;
}

void Record::disconnected(Origin origin) {
  --connections_open_[index(origin)];
  changed_();
}

void Record::clear() {
  entries_.clear();
  first_number_ = next_number_;
  for (auto& attempts : attempts_) attempts.clear();
  outcomes_.clear();
  requests_.fill(0);
  open_.fill(0);
  abandoned_.fill(0);
  connections_ = connections_open_;
  tokens_issued_ = duplicates_ = contradictions_ = progress_ = 0;
  changed_();
}

std::optional<std::uint64_t> Record::counter(std::string_view name) const {
  const auto all = counts();
  const auto found = all.find(std::string(name));
  return found == all.end() ? std::nullopt : std::optional(found->get<std::uint64_t>());
}

OrderedJson Record::counts() const {
  return {{"callbacks", outcomes_.size()},
          {"callback_duplicates", duplicates_},
          {"callback_contradictions", contradictions_},
          {"progress", progress_},
          {"callback_requests", requests_[index(Side::callback)]},
          {"callback_open", open_[index(Side::callback)]},
          {"callback_abandoned", abandoned_[index(Side::callback)]},
          {"backend_calls", requests_[index(Side::backend)]},
          {"backend_open", open_[index(Side::backend)]},
          {"backend_abandoned", abandoned_[index(Side::backend)]},
          {"token_requests", requests_[index(Side::token)]},
          {"tokens_issued", tokens_issued_},
          {"genesys_connections", connections_[index(Origin::genesys)]},
          {"genesys_connections_open", connections_open_[index(Origin::genesys)]},
          {"backend_connections", connections_[index(Origin::backend)]},
          {"backend_connections_open", connections_open_[index(Origin::backend)]}};
}

OrderedJson Record::entries(Side side) const {
  auto json = OrderedJson::array();
  for (const auto& entry : entries_)
    if (entry->side == side) json.push_back(to_json(*entry));
  return json;
}

OrderedJson Record::callbacks_of(const std::string& execution) const {
  auto json = OrderedJson::array();
  for (const auto& entry : entries_)
    if (entry->side == Side::callback && entry->execution == execution) json.push_back(to_json(*entry));
  return json;
}

OrderedJson Record::outcomes() const {
  // An ordered object looks through all its members when one is added: too long for 100,000.
  std::map<std::string, OrderedJson> all;
  for (const auto& [execution, outcome] : outcomes_)
    all.emplace_hint(all.end(), execution, OrderedJson{{"complete", outcome.complete}, {"failed", outcome.failed}});
  return all;
}

OrderedJson Record::attempts() const {
  auto json = OrderedJson::object();
  for (const auto side : all_sides) json[std::string(name(side))] = attempts_[index(side)];
  return json;
}

double Record::now_ms() const {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
}

}  // namespace fulfilld::simulator
