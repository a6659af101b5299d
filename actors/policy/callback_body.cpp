// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/callback_body.hpp"

#include <nlohmann/json.hpp>

#include "actors/policy/iso_time.hpp"

namespace fulfilld {

std::string complete_body(std::string_view external_response, WallTime processed_at) {
  constexpr std::string_view head = R"({"status":"complete","result":{"success":true,"externalResponse":)";
  constexpr std::string_view middle = R"(,"processedAt":")";
  constexpr std::string_view tail = R"("}})";
  std::string body;
  body.reserve(head.size() + external_response.size() + middle.size() + 24 + tail.size());
  body.append(head).append(external_response).append(middle).append(iso_time(processed_at)).append(tail);
  return body;
}

std::string progress_body(std::string_view progress, WallTime reported_at) {
  std::string body = R"({"status":"in-progress","result":{)";
  if (!progress.empty()) body.append(R"("progress":)").append(progress).append(",");
  body.append(R"("reportedAt":")").append(iso_time(reported_at)).append(R"("}})");
  return body;
}

std::string failed_body(std::string_view error_code, std::string_view error_message, WallTime failed_at,
                        const std::vector<AttemptReport>& attempts) {
  using Json = nlohmann::ordered_json;
  Json result = {{"success", false},
                 {"errorCode", std::string(error_code)},
                 {"errorMessage", std::string(error_message)},
                 {"failedAt", iso_time(failed_at)}};
  for (const auto& report : attempts) {
    Json entry = {{"attempt", report.attempt}, {"ms", report.elapsed.count()}};
    if (report.status != 0) entry["status"] = report.status;
    if (report.reason != Reason::none) entry["reason"] = std::string(code(report.reason));
    result["attempts"].push_back(std::move(entry));
  }
  const Json body = {{"status", "failed"}, {"result", std::move(result)}};
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace fulfilld
