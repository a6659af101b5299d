// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "tests/simulator/fault_plan.hpp"
#include "tests/simulator/record.hpp"
#include "tests/simulator/session.hpp"

namespace fulfilld::simulator {

/// The company's backend, `/backend/...`: answers any method with what it was sent.
class Backend {
 public:
  Backend(Record& record, FaultPlan& faults) : record_(record), faults_(faults) {}

  /// For a request whose path begins with `/backend`.
  [[nodiscard]] Exchange handle(const Request& request, std::uint64_t connection);

 private:
  Record& record_;
  FaultPlan& faults_;
};

}  // namespace fulfilld::simulator
