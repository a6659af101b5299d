// SPDX-License-Identifier: Apache-2.0
#include "runtime/adapter_tool/fault.hpp"

#include <ctime>
#include <string>
#include <utility>

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using Manner = Reply::Manner;

constexpr auto kShort = 200ms;
constexpr std::size_t kHuge = 10 << 20;

Reply in_manner(Manner manner, std::chrono::milliseconds delay, Reply good) {
  good.manner = manner;
  good.delay = delay;
  return good;
}

Reply with_status(int status, std::vector<HttpField> fields, std::string body) {
  Reply reply;
  reply.status = status;
  reply.fields = std::move(fields);
  reply.body = std::move(body);
  return reply;
}

std::string nested(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

Reply json(std::string body) { return with_status(200, {{"Content-Type", "application/json"}}, std::move(body)); }

/// IMF-fixdate, RFC 9110, 5.6.7.
std::string http_date(std::time_t when) {
  std::tm parts{};
  ::gmtime_r(&when, &parts);
  char text[32];
  return std::string(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts));
}

Reply reset_in_body(Reply good) {
  if (good.body.size() < 2) good.body = "{\"cut\": \"off\"}";
  return in_manner(Manner::reset_in_body, 0ms, std::move(good));
}

Reply refused_until_date(Reply) { return with_status(429, {{"Retry-After", http_date(std::time(nullptr) + 1)}}, ""); }

}  // namespace

const std::vector<Fault>& faults() {
  static const std::vector<Fault> kFaults = {
      {.rule = "hang",
       .what = "takes a request and never answers",
       .reply = [](Reply good) { return in_manner(Manner::hang, 0ms, std::move(good)); },
       .time_limit = kShort},
      {.rule = "drip",
       .what = "sends its answer byte by byte",
       .reply = [](Reply good) { return in_manner(Manner::drip, 20ms, std::move(good)); },
       .time_limit = kShort},
      {.rule = "reset_in_head",
       .what = "breaks off within the status line",
       .reply = [](Reply good) { return in_manner(Manner::reset_in_head, 0ms, std::move(good)); }},
      {.rule = "reset_in_body", .what = "breaks off in the middle of the body", .reply = reset_in_body},
      {.rule = "retry_after_seconds",
       .what = "answers 429 with Retry-After in seconds",
       .reply =
           [](Reply) {
             return with_status(429, {{"Retry-After", "1"}}, "");
           }},
      {.rule = "retry_after_date", .what = "answers 429 with Retry-After as a date", .reply = refused_until_date},
      {.rule = "unavailable",
       .what = "answers 503",
       .reply =
           [](Reply) {
             return with_status(503, {{"Content-Type", "text/plain"}}, "down for maintenance");
           }},
      {.rule = "bad_json",
       .what = "answers 200 with JSON that is cut off",
       .reply = [](Reply) { return json("{\"broken\": tru"); }},
      {.rule = "deep_json",
       .what = "answers 200 with 200,000 arrays in each other",
       .reply = [](Reply) { return json(nested(200'000)); }},
      {.rule = "empty_body", .what = "answers 200 without a body", .reply = [](Reply) { return json(""); }},
      {.rule = "huge_body",
       .what = "answers 200 with 10 MB",
       .reply = [](Reply) { return json("\"" + std::string(kHuge, 'x') + "\""); }},
      {.rule = "expired_token",
       .what = "answers 401 once",
       .reply =
           [](Reply) {
             return with_status(401, {{"WWW-Authenticate", "Bearer error=\"invalid_token\""}}, "token expired");
           },
       .first_attempt_only = true},
      {.rule = "slow",
       .what = "answers well, but late",
       .reply = [](Reply good) { return in_manner(Manner::late, 300ms, std::move(good)); },
       .must_complete = true},
  };
  return kFaults;
}

}  // namespace fulfilld
