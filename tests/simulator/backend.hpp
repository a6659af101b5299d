// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "tests/simulator/fault_plan.hpp"
#include "tests/simulator/rate_limit.hpp"
#include "tests/simulator/record.hpp"
#include "tests/simulator/session.hpp"
#include "tests/simulator/settings.hpp"
#include "tests/simulator/token_endpoint.hpp"

namespace fulfilld::simulator {

/// The company's backend, `/backend/...`: answers any method with what it was sent.
class Backend {
 public:
  /// What begins so is answered only to whoever has a valid bearer.
  static constexpr std::string_view protected_path = "/backend/protected";

  Backend(Record& record, FaultPlan& faults, const TokenEndpoint& tokens)
      : record_(record), faults_(faults), tokens_(tokens) {}

  [[nodiscard]] const BackendSettings& settings() const noexcept { return settings_; }
  void set(const BackendSettings& settings) {
    settings_ = settings;
    rate_limit_.set(settings.rate_limit);
  }

  /// For a request whose path begins with `/backend`.
  [[nodiscard]] Exchange handle(const Request& request, std::uint64_t connection);

 private:
  [[nodiscard]] bool authorized(const Request& request) const;

  Record& record_;
  FaultPlan& faults_;
  const TokenEndpoint& tokens_;
  BackendSettings settings_;
  RateLimit rate_limit_;
};

}  // namespace fulfilld::simulator
