// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/chaos/chaos_run.hpp"
#include "tests/chaos/open_loop.hpp"
#include "tests/chaos/simulator_record.hpp"
#include "tests/integration/fulfilld_test.hpp"

namespace fulfilld::chaos {

using integration::Json;
using integration::Service;

/// What became of executions, by what the platform has taken.
struct Results {
  std::size_t complete = 0;
  std::map<std::string, std::size_t> failed;  ///< by errorCode
  std::vector<std::string> missing;           ///< accepted, and no final result was taken
  std::vector<std::string> contradictory;     ///< both complete and failed, or with bodies that differ

  [[nodiscard]] std::size_t failures() const;
  [[nodiscard]] std::size_t failures(const std::string& code) const;
  /// `circuit_open 3, deadline 7`
  [[nodiscard]] std::string reasons() const;
};

/// A test of the service with a backend, a platform or a clock that does it wrong, under load: is everything in time?
/// Results may go out as fast as they come.
class InTimeTest : public integration::FulfilldTest {
 protected:
  InTimeTest();

  /// `prefix-1` and so on, for that action. `simulate`: what the backend is to do, a fault as JSON or none.
  [[nodiscard]] std::vector<Order> orders(const std::string& prefix, int count, const std::string& action = "default",
                                          const std::string& simulate = {}) const;
  [[nodiscard]] Order order(const std::string& id, const std::string& action, const std::string& simulate) const;

  /// Waits until as many executions as were accepted here have a result in all, and expects that they get so far.
  void wait_for_results(std::size_t count, std::chrono::milliseconds limit = std::chrono::minutes(2)) const;

  /// What became of those that were accepted.
  [[nodiscard]] Results results_of(const std::vector<Dispatch>& sent) const;

  static void expect_all_accepted(const std::vector<Dispatch>& sent);
  static void expect_one_result_each(const Results& results);
};

[[nodiscard]] std::size_t count_accepted(const std::vector<Dispatch>& sent);

}  // namespace fulfilld::chaos
