// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "actors/execution.hpp"

namespace fulfilld {

/// One attempt at a backend call, as it is told in a failed callback when `callback.report_attempts` is set.
struct AttemptReport {
  std::uint32_t attempt = 0;
  int status = 0;                ///< 0: no status line was read
  Reason reason = Reason::none;  ///< `none`: this attempt succeeded
  std::chrono::milliseconds elapsed{0};
};

/// `{"status":"complete","result":{"success":true,"externalResponse":...,"processedAt":...}}`.
/// `external_response` must be valid JSON; it goes in byte for byte.
[[nodiscard]] std::string complete_body(std::string_view external_response, WallTime processed_at);

/// `{"status":"failed","result":{"success":false,"errorCode":...,"errorMessage":...,"failedAt":...}}`, with an array
/// `attempts` where there are any. Invalid UTF-8 in the texts is replaced.
[[nodiscard]] std::string failed_body(std::string_view error_code, std::string_view error_message, WallTime failed_at,
                                      const std::vector<AttemptReport>& attempts = {});

/// What is posted in place of a body that the platform refuses as too large: a failed result, `result_too_large`, or
/// with its own code if it was a failed one. Made of nothing but that body, of which it also has the time: so it is the
/// same whenever it has to be made again.
[[nodiscard]] std::string too_large_body(std::string_view refused);

/// `{"status":"in-progress","result":{"progress":...,"reportedAt":...}}`. `progress` must be valid JSON, which goes in
/// byte for byte, or empty: then there is no such member.
[[nodiscard]] std::string progress_body(std::string_view progress, WallTime reported_at);

}  // namespace fulfilld
