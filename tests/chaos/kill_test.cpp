// SPDX-License-Identifier: Apache-2.0
// kill -9 at random times.
#include <thread>

#include "tests/chaos/chaos_test.hpp"

namespace fulfilld::chaos {
namespace {

using std::chrono::milliseconds;

class Kill : public ChaosTest {
 protected:
  /// A process that is killed before it has begun to listen, most likely.
  void kill_during_start() {
    integration::Process process(
        command(), [](const std::string&) {}, [] {});
    std::this_thread::sleep_for(milliseconds(below(chance, 60)));
    process.kill();
  }

  void kill_under_load(Load& load) {
    Service service(command());
    load.aim(service.port());
    std::this_thread::sleep_for(milliseconds(below(chance, 250)));
    service.process().kill();
  }
};

TEST_F(Kill, AtAnyTimeLosesNothing) {
  make_trouble();
  const int kills_wanted = times(30, 1000);
  const auto accepted_wanted = static_cast<std::size_t>(kills_wanted) * 100;
  Figures figures("kill");
  Load load("kill-", fulfillments(), actions);
  int kills = 0;
  for (; kills < kills_wanted || (load.accepted() < accepted_wanted && kills < 3 * kills_wanted); ++kills) {
    if (below(chance, 5) == 0)
      kill_during_start();
    else
      kill_under_load(load);
  }
  finish(load);

  figures.add(static_cast<std::uint64_t>(kills), "kills");
  const auto reckoning = expect_nothing_lost(load, figures);
  EXPECT_GE(reckoning.accepted, accepted_wanted);
}

}  // namespace
}  // namespace fulfilld::chaos
