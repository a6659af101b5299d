// SPDX-License-Identifier: Apache-2.0
// A disk that forgets at a power loss what was not synced.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/chaos/chaos_run.hpp"
#include "tests/runtime/journal/faulty_vfs.hpp"
#include "tests/runtime/journal/journal_fixture.hpp"

namespace fulfilld::chaos {
namespace {

using testing::FaultyVfs;
using Status = AcceptAnswer::Status;

/// What the journal has said to be on stable storage. Any thread.
class Acknowledged final : public JournalEvents {
 public:
  /// Of one execution.
  struct Promise {
    bool decided = false;
    bool sending = false;
  };

  void accepted(std::vector<ExecutionPtr> /*executions*/) override {}
  void decided(std::vector<Delivery> deliveries) override {
    const std::lock_guard lock(mutex_);
    for (const auto& delivery : deliveries) promises_[delivery.execution->id].decided = true;
  }
  void sending(const std::string& id) {
    const std::lock_guard lock(mutex_);
    promises_[id].sending = true;
  }
  /// Answers how many that makes.
  std::size_t accept(const std::string& id) {
    const std::lock_guard lock(mutex_);
    static_cast<void>(promises_[id]);
    return ++accepted_;
  }

  /// All so far. For when no other thread is at work.
  [[nodiscard]] const std::map<std::string, Promise>& promises() const noexcept { return promises_; }
  void begin() { accepted_ = 0; }

 private:
  std::mutex mutex_;
  std::map<std::string, Promise> promises_;
  std::size_t accepted_ = 0;
};

/// Threads accept, note and decide until the power goes.
void work_until_dark(Journal& journal, FaultyVfs& disk, Acknowledged& acknowledged, const std::string& prefix,
                     std::size_t enough) {
  acknowledged.begin();
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0;; ++i) {
        const auto id = prefix + std::to_string(t) + "-" + std::to_string(i);
        const auto execution = testing::make_execution(id);
        if (journal.accept(execution).status != Status::accepted) return;
        if (acknowledged.accept(id) == enough) disk.lose_power();
        if (i % 3 == 0) journal.note_sending(execution, [&acknowledged, id] { acknowledged.sending(id); });
        if (i % 2 == 0) journal.decide(execution, testing::completed());
      }
    });
  for (auto& thread : threads) thread.join();
}

/// Opens the journal as a new process does, and looks for all that was promised. Answers what is missing.
std::vector<std::string> open_and_miss(SqliteJournal& journal, const Acknowledged& acknowledged) {
  std::map<std::string, Unfinished> found;
  journal.recover({}, [&](std::vector<Unfinished> slice) {
    for (auto& one : slice) found.emplace(one.execution->id, std::move(one));
  });
  std::vector<std::string> missing;
  for (const auto& [id, promise] : acknowledged.promises()) {
    const auto one = found.find(id);
    if (one == found.end())
      missing.push_back(id);
    else if (promise.decided && one->second.outcome == nullptr)
      missing.push_back("the outcome of " + id);
    else if (promise.sending && !promise.decided && one->second.outcome == nullptr && !one->second.history.sent_unsafe)
      missing.push_back("the note of " + id);
  }
  journal.start();
  return missing;
}

TEST(PowerLoss, LosesNothingThatWasAcknowledged) {
  FaultyVfs disk("power-loss");
  Chance chance(seed());
  Figures figures("power loss");
  const int runs = times(50, 500);
  std::size_t promised = 0;
  std::size_t lost = 0;
  for (int run = 0; run < runs; ++run) {
    testing::ScratchDirectory directory;
    testing::RecordedNotices notices;
    SqliteJournalOptions options;
    options.directory = directory.path() / "journal";
    options.vfs = disk.name();
    options.partition_rows = 100;
    options.notice = notices.sink();
    disk.watch_power();
    Acknowledged acknowledged;
    for (int loss = 0; loss <= 2; ++loss) {
      auto journal = std::make_unique<SqliteJournal>(options, acknowledged);
      const auto missing = open_and_miss(*journal, acknowledged);
      EXPECT_TRUE(missing.empty()) << "run " << run << ", loss " << loss << ": " << missing.front();
      lost += missing.size();
      if (loss < 2) {
        const auto enough = 1 + static_cast<std::size_t>(below(chance, 300));
        work_until_dark(*journal, disk, acknowledged, std::to_string(loss) + "-", enough);
      }
      journal.reset();
      disk.restore_power(chance);
    }
    promised += acknowledged.promises().size();
    EXPECT_FALSE(notices.has("is damaged"));
  }
  figures.add(static_cast<std::uint64_t>(runs), "runs");
  figures.add(2 * static_cast<std::uint64_t>(runs), "losses");
  figures.add(promised, "acknowledged");
  figures.add(lost, "lost");
  figures.print();
}

}  // namespace
}  // namespace fulfilld::chaos
