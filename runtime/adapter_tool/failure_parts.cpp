// SPDX-License-Identifier: Apache-2.0
#include "runtime/adapter_tool/failure_parts.hpp"

#include <nlohmann/json.hpp>

namespace fulfilld {

FailureParts failure_of(const Outcome& outcome) {
  const auto result = nlohmann::json::parse(outcome.body).at("result");
  return {result.value("errorCode", ""), result.value("errorMessage", "")};
}

}  // namespace fulfilld
