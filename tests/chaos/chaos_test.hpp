// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "tests/chaos/chaos_run.hpp"
#include "tests/chaos/load.hpp"
#include "tests/integration/fulfilld_test.hpp"

namespace fulfilld::chaos {

using integration::Json;
using integration::Service;

/// What became of all that the clients sent, as the simulator and the journal have it after a service has ended.
struct Reckoning {
  std::size_t accepted = 0;    ///< answered 202
  std::size_t unanswered = 0;  ///< sent, and never answered 202
  std::size_t failed = 0;  ///< with a failed result: the backend failed, or the outcome of an unsafe call is unknown
  std::size_t duplicates = 0;  ///< results that were posted once more
  std::size_t unsafe_repeats = 0;

  std::vector<std::string> lost;           ///< answered 202 and not in the journal; or delivered, but nothing came
  std::vector<std::string> unfinished;     ///< in the journal, without an ending
  std::vector<std::string> undelivered;    ///< ended in the journal, but not by being delivered
  std::vector<std::string> contradictory;  ///< both complete and failed
  std::vector<std::string> needless;       ///< failed though they could have been run again
  std::size_t changed_duplicates = 0;      ///< repeats of a result with another body
};

/// A test that ill-treats the service while clients send executions of all three operation classes to a backend and a
/// platform that fail now and then.
class ChaosTest : public integration::FulfilldTest {
 protected:
  ChaosTest();

  /// Each test has its own.
  Chance chance{seed() + std::hash<std::string>{}(testing::UnitTest::GetInstance()->current_test_info()->name())};

  /// The actions of the service: `safe`, `idempotent`, `unsafe`, each with the operation class of that name.
  static const std::vector<std::string> actions;

  /// Faults of backend and platform, by chance; none of them ends the way of a result.
  void make_trouble() const;

  [[nodiscard]] std::string fulfillments() const { return simulator.fulfillment_url(""); }

  /// Lets the service end in good order once all it has is done, and expects that it does.
  static void let_it_finish(Service& service);

  /// After the last blow: one more service finishes what is left.
  void finish(Load& load);

  /// Reckons up, prints the figures and expects that all is sound. To be called when no service runs any more.
  Reckoning expect_nothing_lost(const Load& load, Figures& figures) const;

 private:
  [[nodiscard]] Reckoning reckon(const std::vector<Sent>& sent) const;

  /// What holds after every kind of ill-treatment: nothing lost, one kind of result each, no unsafe call twice.
  static void expect_sound(const Reckoning& reckoning, const Load& load);

  /// Figures that every run has.
  static void add_figures(Figures& figures, const Reckoning& reckoning);
};

}  // namespace fulfilld::chaos
