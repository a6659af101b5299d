// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "tests/simulator/fault_plan.hpp"
#include "tests/simulator/record.hpp"
#include "tests/simulator/session.hpp"
#include "tests/simulator/settings.hpp"

namespace fulfilld::simulator {

/// `POST /oauth/token`: client credentials (RFC 6749, 4.4) by HTTP Basic or by form fields.
class TokenEndpoint {
 public:
  TokenEndpoint(Record& record, FaultPlan& faults) : record_(record), faults_(faults) {}

  TokenSettings settings;

  [[nodiscard]] Exchange handle(const Request& request, std::uint64_t connection);

  /// True for an issued token that has neither expired nor been revoked.
  [[nodiscard]] bool valid(std::string_view token) const;

  void revoke_all() { expiry_.clear(); }

 private:
  using Time = std::chrono::steady_clock::time_point;

  [[nodiscard]] Reply answer(const Request& request);
  [[nodiscard]] std::string issue();

  Record& record_;
  FaultPlan& faults_;
  std::map<std::string, Time, std::less<>> expiry_;
  std::uint64_t issued_ = 0;
};

}  // namespace fulfilld::simulator
