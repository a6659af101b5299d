// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "tests/simulator/fault_plan.hpp"
#include "tests/simulator/rate_limit.hpp"
#include "tests/simulator/record.hpp"
#include "tests/simulator/session.hpp"
#include "tests/simulator/settings.hpp"
#include "tests/simulator/token_endpoint.hpp"

namespace fulfilld::simulator {

/// `POST /api/v2/dataactions/fulfillments/{id}`: takes results, from whoever has a valid bearer.
class FulfillmentEndpoint {
 public:
  static constexpr std::string_view path = "/api/v2/dataactions/fulfillments/";

  FulfillmentEndpoint(Record& record, FaultPlan& faults, const TokenEndpoint& tokens)
      : record_(record), faults_(faults), tokens_(tokens) {}

  [[nodiscard]] const CallbackSettings& settings() const noexcept { return settings_; }
  void set(const CallbackSettings& settings) {
    settings_ = settings;
    rate_limit_.set(settings.rate_limit);
  }

  /// For a request whose path begins with `path`.
  [[nodiscard]] Exchange handle(const Request& request, std::uint64_t connection);

 private:
  [[nodiscard]] Reply answer(const Request& request, Entry& entry) const;
  void limit_rate(const Request& request, Reply& reply, RateLimit::Time now);
  [[nodiscard]] bool authorized(const Request& request) const;

  Record& record_;
  FaultPlan& faults_;
  const TokenEndpoint& tokens_;
  CallbackSettings settings_;
  RateLimit rate_limit_;
};

}  // namespace fulfilld::simulator
