// SPDX-License-Identifier: Apache-2.0
// The disk under the journal is full, failing, read-only or slow, while clients go on sending.
#include <algorithm>
#include <memory>
#include <thread>

#include "tests/chaos/chaos_test.hpp"
#include "tests/chaos/faulty_disk.hpp"

namespace fulfilld::chaos {
namespace {

using std::chrono::milliseconds;

struct Trouble {
  DiskFault fault;
  const char* name;
};

void PrintTo(const Trouble& trouble, std::ostream* out) { *out << trouble.name; }

class Disk : public ChaosTest, public testing::WithParamInterface<Trouble> {
 protected:
  Disk() { make_trouble(); }

  FaultyDisk disk{directory.path() / "journal", directory.path() / "fault"};

  [[nodiscard]] std::unique_ptr<Service> start_on_it() const {
    auto command = this->command();
    disk.put_under(command);
    return std::make_unique<Service>(command);
  }

  /// Asks until /readyz answers that. False if it does not.
  [[nodiscard]] static bool becomes_ready(const Service& service, bool wanted) {
    const auto end = std::chrono::steady_clock::now() + integration::patience;
    while (std::chrono::steady_clock::now() < end)
      if ((service.get("/readyz").status == 200) == wanted) return true;
    return false;
  }

  void refuse_for_a_while(const Service& service, Load& load) {
    disk.turn(GetParam().fault);
    ASSERT_TRUE(load.wait_for_unavailable(10)) << service.log();
    ASSERT_TRUE(becomes_ready(service, false));
    std::this_thread::sleep_for(milliseconds(below(chance, 1500)));
    EXPECT_EQ(service.get("/readyz").status, 503);
    const auto accepted = load.accepted();
    ASSERT_TRUE(load.wait_for_unavailable(20));
    EXPECT_EQ(load.accepted(), accepted) << "accepted while the disk refuses";
  }

  void be_slow_for_a_while(const Service& service, Load& load) {
    disk.turn(GetParam().fault);
    const auto unavailable = load.unavailable();
    ASSERT_TRUE(load.wait_for_accepted(load.accepted() + 20));
    EXPECT_EQ(service.get("/readyz").status, 200);
    EXPECT_EQ(load.unavailable(), unavailable);
  }
};

TEST_P(Disk, NeverLosesWhatWasAccepted) {
  const int rounds = GetParam().fault == DiskFault::slow ? times(2, 20) : times(4, 40);
  Figures figures(std::string("disk ") + GetParam().name);
  Load load("disk-", fulfillments(), actions);
  milliseconds slowest{0};
  int kills = 0;
  auto service = start_on_it();
  load.aim(service->port());
  for (int round = 0; round < rounds; ++round) {
    ASSERT_TRUE(load.wait_for_accepted(load.accepted() + 50));
    if (GetParam().fault == DiskFault::slow)
      be_slow_for_a_while(*service, load);
    else
      refuse_for_a_while(*service, load);
    if (HasFatalFailure()) return;
    if (round % 2 != 0) {
      service->process().kill();
      disk.turn(DiskFault::none);
      service = start_on_it();
      load.aim(service->port());
      ++kills;
      continue;
    }
    const auto begin = std::chrono::steady_clock::now();
    disk.turn(DiskFault::none);
    ASSERT_TRUE(becomes_ready(*service, true)) << service->log();
    ASSERT_TRUE(load.wait_for_accepted(load.accepted() + 10));
    slowest = std::max(slowest, std::chrono::ceil<milliseconds>(std::chrono::steady_clock::now() - begin));
  }
  load.stop();
  let_it_finish(*service);

  figures.add(static_cast<std::uint64_t>(rounds), "times");
  figures.add(static_cast<std::uint64_t>(kills), "kills meanwhile");
  figures.add(static_cast<std::uint64_t>(slowest.count()), "ms to recover at most");
  figures.add(load.unavailable(), "503");
  expect_nothing_lost(load, figures);
}

INSTANTIATE_TEST_SUITE_P(Faults, Disk,
                         testing::Values(Trouble{DiskFault::full, "full"},
                                         Trouble{DiskFault::write_error, "write_error"},
                                         Trouble{DiskFault::sync_error, "sync_error"},
                                         Trouble{DiskFault::read_only, "read_only"}, Trouble{DiskFault::slow, "slow"}),
                         [](const auto& trouble) { return std::string(trouble.param.name); });

}  // namespace
}  // namespace fulfilld::chaos
