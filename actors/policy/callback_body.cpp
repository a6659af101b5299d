// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/callback_body.hpp"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <utility>

#include "actors/policy/iso_time.hpp"

namespace fulfilld {
namespace {

using Json = nlohmann::ordered_json;

std::string failed_json(std::string_view time, std::string_view error_code, std::string_view error_message,
                        const std::vector<AttemptReport>& attempts) {
  Json result = {{"success", false},
                 {"errorCode", std::string(error_code)},
                 {"errorMessage", std::string(error_message)},
                 {"failedAt", std::string(time)}};
  for (const auto& report : attempts) {
    Json entry = {{"attempt", report.attempt}, {"ms", report.elapsed.count()}};
    if (report.status != 0) entry["status"] = report.status;
    if (report.reason != Reason::none) entry["reason"] = std::string(code(report.reason));
    result["attempts"].push_back(std::move(entry));
  }
  const Json body = {{"status", "failed"}, {"result", std::move(result)}};
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The text behind that key in a body of ours. No text inside of it has such a key: there its quotes are escaped.
std::string_view text_at(std::string_view key, std::string_view body, std::size_t found) {
  if (found == std::string_view::npos) return {};
  body.remove_prefix(found + key.size());
  return body.substr(0, body.find('"'));
}

}  // namespace

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
  return failed_json(iso_time(failed_at), error_code, error_message, attempts);
}

std::string too_large_body(std::string_view refused) {
  std::string message(text(Reason::result_too_large));
  message.append(": it has ").append(std::to_string(refused.size())).append(" bytes");
  constexpr std::string_view failed = R"({"status":"failed","result":{"success":false,"errorCode":")";
  if (!refused.starts_with(failed)) {
    // The result itself stands before it, and may hold anything.
    constexpr std::string_view key = R"(,"processedAt":")";
    const auto time = text_at(key, refused, refused.rfind(key));
    return failed_json(time, code(Reason::result_too_large), message, {});
  }
  constexpr std::string_view key = R"(","failedAt":")";
  return failed_json(text_at(key, refused, refused.find(key)), text_at(failed, refused, 0), message, {});
}

}  // namespace fulfilld
