// SPDX-License-Identifier: Apache-2.0
#include <random>
#include <set>
#include <thread>

#include "tests/runtime/journal/faulty_vfs.hpp"
#include "tests/runtime/journal/journal_fixture.hpp"

namespace fulfilld::testing {
namespace {

/// Threads accept until the power goes; answers the ids that were acknowledged.
std::set<std::string> accept_until_dark(Journal& journal, FaultyVfs& disk, const std::string& prefix, unsigned enough) {
  std::mutex mutex;
  std::set<std::string> acknowledged;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0;; ++i) {
        const auto id = prefix + std::to_string(t) + "-" + std::to_string(i);
        const auto execution = make_execution(id);
        if (journal.accept(execution).status != Status::accepted) return;
        journal.decide(execution, completed());
        const std::lock_guard lock(mutex);
        acknowledged.insert(id);
        if (acknowledged.size() == enough) disk.lose_power();
      }
    });
  for (auto& thread : threads) thread.join();
  return acknowledged;
}

TEST(PowerLoss, LosesNothingThatWasAcknowledged) {
  FaultyVfs disk("power-loss");
  std::mt19937_64 chance(4);
  for (int run = 0; run < 15; ++run) {
    ScratchDirectory directory;
    RecordedNotices notices;
    SqliteJournalOptions options;
    options.directory = directory.path() / "journal";
    options.vfs = disk.name();
    options.partition_rows = 100;
    options.notice = notices.sink();
    disk.watch_power();
    std::set<std::string> acknowledged;
    for (int loss = 0; loss < 3; ++loss) {
      RecordedEvents events;
      auto journal = std::make_unique<SqliteJournal>(options, events);
      std::set<std::string> found;
      journal->recover([&](std::vector<Unfinished> slice) {
        for (const auto& one : slice) found.insert(one.execution->id);
      });
      for (const auto& id : acknowledged) ASSERT_EQ(found.count(id), 1U) << "run " << run << ", " << id;
      journal->start();
      acknowledged.merge(accept_until_dark(*journal, disk, std::to_string(loss) + "-", 1 + chance() % 300));
      journal.reset();
      disk.restore_power(chance);
    }
    EXPECT_FALSE(notices.has("is damaged"));
  }
}

}  // namespace
}  // namespace fulfilld::testing
