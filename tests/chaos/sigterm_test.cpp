// SPDX-License-Identifier: Apache-2.0
// SIGTERM under load.
#include <algorithm>
#include <csignal>
#include <thread>

#include "tests/chaos/chaos_test.hpp"

namespace fulfilld::chaos {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Sigterm : public ChaosTest {};

// What the grace period does not cover: the last commit, and whatever else the machine is busy with.
constexpr seconds margin{10};

TEST_F(Sigterm, UnderLoadEndsInTimeAndLosesNothing) {
  // Half a second of it is for the time after the drain.
  constexpr milliseconds grace{1000};
  set_text("shutdown", "grace", std::to_string(grace.count()) + "ms");
  make_trouble();
  // Some calls outlast any grace period: they are left to the next process.
  simulator.configure({{"backend",
                        {{"faults",
                          {{{"path", "/backend/idempotent"}, {"delay_ms", 1500}, {"probability", 0.003}},
                           {{"delay_ms", 30}, {"probability", 0.4}}}}}}});
  const int stops = times(20, 200);
  Figures figures("sigterm");
  Load load("stop-", fulfillments(), actions);
  milliseconds slowest{0};
  for (int stop = 0; stop < stops; ++stop) {
    auto service = start();
    load.aim(service.port());
    std::this_thread::sleep_for(milliseconds(below(chance, 250)));
    const auto begin = std::chrono::steady_clock::now();
    const auto exit = service.stop(grace + margin);
    slowest = std::max(slowest, std::chrono::ceil<milliseconds>(std::chrono::steady_clock::now() - begin));
    ASSERT_TRUE(exit) << "it does not end:\n" << service.log();
    ASSERT_EQ(exit->signal, 0);
    ASSERT_EQ(exit->status, 0) << service.log();
  }
  set_text("shutdown", "grace", "90s");
  finish(load);

  figures.add(static_cast<std::uint64_t>(stops), "stops");
  figures.add(static_cast<std::uint64_t>(slowest.count()),
              "ms the slowest (" + std::to_string(grace.count()) + " of grace)");
  expect_nothing_lost(load, figures);
}

}  // namespace
}  // namespace fulfilld::chaos
