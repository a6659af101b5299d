// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/fault.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "tests/simulator/read_json.hpp"

namespace fulfilld::simulator {
namespace {

using Json = nlohmann::json;

std::chrono::milliseconds milliseconds(const Json& value) { return std::chrono::milliseconds(read_count(value)); }

Fields fields(const Json& value) {
  if (!value.is_object()) throw BadSetting(value.dump() + " is not an object");
  Fields result;
  for (const auto& [key, field] : value.items()) result.emplace_back(key, read_text(field));
  return result;
}

void set_after(Fault& fault, const Json& value) {
  if (value.is_number()) {
    fault.after = Fault::After::bytes;
    fault.after_bytes = read_count(value);
  } else {
    fault.after = read_word<Fault::After>(value, {{"nothing", Fault::After::nothing},
                                                  {"head", Fault::After::head},
                                                  {"half", Fault::After::half},
                                                  {"all", Fault::After::all}});
  }
}

Fault::Body body(const Json& value) {
  return read_word<Fault::Body>(value, {{"empty", Fault::Body::empty},
                                        {"bad_json", Fault::Body::bad_json},
                                        {"html", Fault::Body::html},
                                        {"huge", Fault::Body::huge}});
}

Fault::Wire wire(const Json& value) {
  using Wire = Fault::Wire;
  return read_word<Wire>(value, {{"chunked", Wire::chunked},
                                 {"http10", Wire::http10},
                                 {"long_length", Wire::long_length},
                                 {"short_length", Wire::short_length},
                                 {"bad_chunk", Wire::bad_chunk},
                                 {"endless_body", Wire::endless_body},
                                 {"endless_continue", Wire::endless_continue},
                                 {"huge_header", Wire::huge_header},
                                 {"garbage", Wire::garbage}});
}

Fault::Drip drip_part(const Json& value) {
  return read_word<Fault::Drip>(value,
                                {{"all", Fault::Drip::all}, {"head", Fault::Drip::head}, {"body", Fault::Drip::body}});
}

Fault::Cut cut(const Json& value) {
  return read_word<Fault::Cut>(
      value, {{"hang", Fault::Cut::hang}, {"close", Fault::Cut::close}, {"reset", Fault::Cut::reset}});
}

/// The members of a fault, as they set `rule`.
Readers readers_into(FaultRule& rule) {
  auto& fault = rule.fault;
  return {
      {"status", [&](const Json& v) { fault.status = static_cast<int>(read_count(v, 100)); }},
      {"retry_after", [&](const Json& v) { fault.retry_after = v.is_string() ? read_text(v) : v.dump(); }},
      {"retry_after_date", [&](const Json& v) { fault.retry_after_date = read_number(v, -1e9); }},
      {"location", [&](const Json& v) { fault.location = read_text(v); }},
      {"headers", [&](const Json& v) { fault.fields = fields(v); }},
      {"body", [&](const Json& v) { fault.body = body(v); }},
      {"text",
       [&](const Json& v) {
         fault.body = Fault::Body::text;
         fault.text = v.is_string() ? read_text(v) : v.dump();
       }},
      {"size", [&](const Json& v) { fault.size = read_count(v); }},
      {"wire", [&](const Json& v) { fault.wire = wire(v); }},
      {"delay_ms", [&](const Json& v) { fault.delay = milliseconds(v); }},
      {"hold", [&](const Json& v) { fault.hold = read_flag(v); }},
      {"drip_ms", [&](const Json& v) { fault.drip = milliseconds(v); }},
      {"drip", [&](const Json& v) { fault.drip_part = drip_part(v); }},
      {"cut", [&](const Json& v) { fault.cut = cut(v); }},
      {"after", [&](const Json& v) { set_after(fault, v); }},
      {"taken", [&](const Json& v) { fault.taken = read_flag(v); }},
      {"times", [&](const Json& v) { rule.times = read_count(v); }},
      {"until_ms", [&](const Json& v) { rule.until = milliseconds(v); }},
      {"every", [&](const Json& v) { rule.every = read_count(v, 1); }},
      {"probability", [&](const Json& v) { rule.probability = read_number(v, 0); }},
      {"path", [&](const Json& v) { rule.path = read_text(v); }},
      {"per",
       [&](const Json& v) {
         rule.per_execution = read_word<bool>(v, {{"execution", true}, {"run", false}});
       }},
  };
}

}  // namespace

FaultRule parse_fault_rule(const Json& json) {
  FaultRule rule;
  read_members(json, readers_into(rule));
  rule.fault.described = json.dump();
  return rule;
}

std::optional<FaultRule> parse_fault_query(const std::map<std::string, std::string>& query) {
  FaultRule rule;
  const auto readers = readers_into(rule);
  auto json = Json::object();
  for (const auto& [key, value] : query) {
    if (!readers.contains(key)) continue;
    auto parsed = Json::parse(value, nullptr, false);
    json[key] = parsed.is_number() || parsed.is_boolean() || parsed.is_object() ? std::move(parsed) : Json(value);
  }
  if (json.empty()) return std::nullopt;
  read_members(json, readers);
  rule.fault.described = json.dump();
  rule.per_execution = true;
  return rule;
}

}  // namespace fulfilld::simulator
