// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/readiness_answer.hpp"

#include <algorithm>
#include <exception>

namespace fulfilld {
namespace {

std::vector<ReadinessCheck> ask(const Readiness& readiness) {
  try {
    return readiness ? readiness() : std::vector<ReadinessCheck>{};
  } catch (const std::exception& problem) {
    return {{"readiness", false, problem.what()}};
  }
}

void append_check(std::string& json, const ReadinessCheck& check) {
  json += "{\"name\":";
  append_json_string(json, check.name);
  json += check.ready ? ",\"ready\":true" : ",\"ready\":false";
  if (!check.problem.empty()) {
    json += ",\"problem\":";
    append_json_string(json, check.problem);
  }
  json += '}';
}

}  // namespace

Answer alive_answer(bool held) {
  Answer answer;
  answer.status = held ? 503 : 200;
  if (held) answer.retry_after = fault_retry_after;
  answer.body = held ? R"({"status":"stalled"})" : R"({"status":"ok"})";
  return answer;
}

Answer readiness_answer(const Readiness& readiness) {
  const auto checks = ask(readiness);
  const bool ready = std::all_of(checks.begin(), checks.end(), [](const auto& check) { return check.ready; });

  Answer answer;
  answer.status = ready ? 200 : 503;
  if (!ready) answer.retry_after = fault_retry_after;
  answer.body = ready ? R"({"status":"ready","checks":[)" : R"({"status":"unavailable","checks":[)";
  for (const auto& check : checks) {
    if (answer.body.back() != '[') answer.body += ',';
    append_check(answer.body, check);
  }
  answer.body += "]}";
  return answer;
}

}  // namespace fulfilld
