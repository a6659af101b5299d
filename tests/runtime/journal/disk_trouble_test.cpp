// SPDX-License-Identifier: Apache-2.0
#include <future>
#include <thread>

#include "tests/runtime/journal/faulty_vfs.hpp"
#include "tests/runtime/journal/journal_fixture.hpp"

namespace fulfilld::testing {
namespace {

class DiskTrouble : public JournalTest {
 protected:
  DiskTrouble() { options.vfs = disk.name(); }
  ~DiskTrouble() override { journal.reset(); }

  [[nodiscard]] bool becomes_writable() { return notices.wait_for("can be written again") && journal->writable(); }

  FaultyVfs disk{"faulty-disk"};
};

/// Each sync of the disk hangs until it may go on. Outlives the journal's use of the disk.
class HangingSync {
 public:
  explicit HangingSync(FaultyVfs& disk) {
    disk.on_sync([this] {
      if (first_.exchange(false)) hangs_.set_value();
      gate_.wait();
    });
  }

  void wait_until_it_hangs() { hangs_.get_future().wait(); }
  void go_on() { may_go_on_.set_value(); }

 private:
  std::promise<void> hangs_;
  std::promise<void> may_go_on_;
  const std::shared_future<void> gate_ = may_go_on_.get_future().share();
  std::atomic<bool> first_{true};
};

class RefusingDisk : public DiskTrouble, public ::testing::WithParamInterface<int> {};

TEST_P(RefusingDisk, NeverGetsAFalseAcceptAndIsUsedAgainOnceItRecovers) {
  open().accept(make_execution("before"));
  EXPECT_TRUE(journal->writable());
  disk.fail_writes(GetParam());
  EXPECT_EQ(journal->accept(make_execution("lost")).status, Status::unavailable);
  EXPECT_FALSE(journal->writable());
  EXPECT_EQ(journal->accept(make_execution("refused-at-once")).status, Status::unavailable);
  EXPECT_TRUE(notices.has("cannot be written"));
  disk.fail_writes(SQLITE_OK);
  ASSERT_TRUE(becomes_writable());
  EXPECT_EQ(journal->accept(make_execution("lost")).status, Status::accepted) << "it is not known";
  EXPECT_EQ(journal->accept(make_execution("before")).status, Status::repeated);
  open();
  EXPECT_EQ(unfinished_ids(), (std::vector<std::string>{"before", "lost"}));
  EXPECT_EQ(events.accepted().size(), 2U);
}

TEST_P(RefusingDisk, KeepsOutcomesAndEndingsUntilItTakesThem) {
  const auto one = make_execution("one");
  const auto two = make_execution("two");
  open().accept(one);
  journal->accept(two);
  disk.fail_writes(GetParam());
  journal->decide(one, {Reason::none, "first"});
  ASSERT_TRUE(notices.wait_for("cannot be written"));
  journal->decide(one, {Reason::deadline, "second"});
  journal->decide(two, completed());
  journal->end(two, {});
  EXPECT_TRUE(events.decided().empty());
  disk.fail_writes(SQLITE_OK);
  ASSERT_TRUE(events.wait_for_decided(2));
  journal->flush();
  EXPECT_EQ(events.decided().size(), 2U);
  open();
  ASSERT_EQ(unfinished.size(), 1U);
  ASSERT_NE(unfinished[0].outcome, nullptr);
  EXPECT_EQ(unfinished[0].outcome->body, "first");
}

INSTANTIATE_TEST_SUITE_P(Codes, RefusingDisk, ::testing::Values(SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_READONLY));

TEST_F(DiskTrouble, AFailedSyncIsAFailedCommit) {
  open().accept(make_execution("before"));
  disk.fail_syncs(SQLITE_IOERR_FSYNC);
  EXPECT_EQ(journal->accept(make_execution("one")).status, Status::unavailable);
  disk.fail_syncs(SQLITE_OK);
  ASSERT_TRUE(becomes_writable());
  EXPECT_EQ(journal->accept(make_execution("one")).status, Status::accepted);
  open();
  EXPECT_EQ(unfinished_ids(), (std::vector<std::string>{"before", "one"}));
}

TEST_F(DiskTrouble, AnEndingIsCommittedThoughNothingElseHappens) {
  const auto one = make_execution("one");
  open().accept(one);
  std::promise<void> synced;
  std::atomic<bool> first{true};
  disk.on_sync([&] {
    if (first.exchange(false)) synced.set_value();
  });
  journal->end(one, {});
  EXPECT_EQ(synced.get_future().wait_for(20s), std::future_status::ready);
  journal.reset();
}

TEST_F(DiskTrouble, ALongFailureEndsWithANewOpeningAndNothingIsThereTwice) {
  const auto before = make_execution("before");
  open().accept(before);
  disk.fail_syncs(SQLITE_IOERR_FSYNC);
  EXPECT_EQ(journal->accept(make_execution("one")).status, Status::unavailable);
  journal->decide(before, completed());
  // The journal opens the database anew at its fourth try, thus goes through its log once more; what the failed
  // commits have left there must not come to life.
  const auto syncs = disk.syncs();
  std::promise<void> reopened;
  std::atomic<int> left{8};
  disk.on_sync([&] {
    if (--left == 0) reopened.set_value();
  });
  ASSERT_EQ(reopened.get_future().wait_for(20s), std::future_status::ready) << syncs;
  disk.on_sync({});
  disk.fail_syncs(SQLITE_OK);
  ASSERT_TRUE(becomes_writable());
  ASSERT_TRUE(events.wait_for_decided(1));
  EXPECT_EQ(journal->accept(make_execution("one")).status, Status::accepted);
  EXPECT_EQ(journal->accept(make_execution("before")).status, Status::repeated);
  open();
  EXPECT_EQ(unfinished_ids(), (std::vector<std::string>{"before", "one"}));
  EXPECT_NE(unfinished[0].outcome, nullptr);
}

TEST_F(DiskTrouble, ACommitThatFailsHalfWayLeavesNothingBehind) {
  open();
  int accepted = 0;
  for (std::size_t writes = 0; writes < 40; ++writes) {
    disk.fail_writes(SQLITE_FULL, writes);
    const auto id = "try-" + std::to_string(writes);
    const bool took =
        journal->accept(make_execution(id, url_of(id), std::string(20'000, 'x'))).status == Status::accepted;
    accepted += took ? 1 : 0;
    disk.fail_writes(SQLITE_OK);
    while (!journal->writable()) std::this_thread::yield();
  }
  EXPECT_GT(accepted, 0);
  EXPECT_LT(accepted, 40);
  open();
  EXPECT_EQ(unfinished.size(), static_cast<std::size_t>(accepted));
  EXPECT_EQ(events.accepted().size(), static_cast<std::size_t>(accepted));
}

TEST_F(DiskTrouble, AHangingCommitIsNotWaitedForBeyondTheLimit) {
  options.accept_timeout = 50ms;
  open().accept(make_execution("before"));
  HangingSync sync(disk);
  auto hanging = std::async(std::launch::async, [&] { return journal->accept(make_execution("hangs")); });
  sync.wait_until_it_hangs();
  auto given_up = std::async(std::launch::async, [&] { return journal->accept(make_execution("given-up")); });
  EXPECT_EQ(hanging.get().status, Status::unavailable);
  EXPECT_EQ(given_up.get().status, Status::unavailable);
  EXPECT_FALSE(journal->writable());
  EXPECT_EQ(journal->accept(make_execution("refused-at-once")).status, Status::unavailable);
  sync.go_on();
  ASSERT_TRUE(events.wait_for_accepted(2)) << "what was part of the commit may run";
  while (!journal->writable()) std::this_thread::yield();
  EXPECT_EQ(journal->accept(make_execution("given-up")).status, Status::accepted) << "it was never written";
  open();
  EXPECT_EQ(unfinished_ids(), (std::vector<std::string>{"before", "hangs", "given-up"}));
  journal.reset();
}

TEST_F(DiskTrouble, IsSurvivedWhilePartitionsRollAndGetSealed) {
  options.partition_rows = 20;
  options.retention = 0ms;
  open();
  std::size_t accepted = 0;
  for (int round = 0; round < 60; ++round) {
    disk.fail_writes(round % 3 == 0 ? SQLITE_IOERR_WRITE : SQLITE_OK, static_cast<std::size_t>(round));
    for (int i = 0; i < 5; ++i) {
      const auto execution = make_execution(std::to_string(round) + "-" + std::to_string(i));
      if (journal->accept(execution).status != Status::accepted) continue;
      ++accepted;
      journal->decide(execution, completed());
      if (i % 2 == 0) journal->end(execution, {});
    }
    disk.fail_writes(SQLITE_OK);
    while (!journal->writable()) std::this_thread::yield();
  }
  journal->flush();
  EXPECT_EQ(events.accepted().size(), accepted);
  EXPECT_EQ(events.decided().size(), accepted);
  open();
  for (const auto& one : unfinished) {
    EXPECT_NE(one.outcome, nullptr);
    EXPECT_NE(one.execution->id.back(), '0');
  }
}

TEST_F(DiskTrouble, ASendingIsReportedOnceTheDiskTakesIt) {
  const auto one = make_execution("one");
  open().accept(one);
  disk.fail_writes(SQLITE_FULL);
  std::promise<void> on_record;
  auto recorded = on_record.get_future();
  journal->note_sending(one, [&] { on_record.set_value(); });
  journal->note_failed_attempt(one, Reason::backend_timeout);
  ASSERT_TRUE(notices.wait_for("cannot be written"));
  EXPECT_EQ(recorded.wait_for(0s), std::future_status::timeout);
  disk.fail_writes(SQLITE_OK);
  ASSERT_EQ(recorded.wait_for(20s), std::future_status::ready);
  open();
  ASSERT_EQ(unfinished.size(), 1U);
  EXPECT_TRUE(unfinished[0].history.sent_unsafe);
  EXPECT_EQ(unfinished[0].history.attempts, 1U);
}

TEST_F(DiskTrouble, ASendingThatIsNeverWrittenIsNeverReported) {
  const auto one = make_execution("one");
  open().accept(one);
  disk.fail_writes(SQLITE_FULL);
  std::atomic<bool> reported{false};
  journal->note_sending(one, [&] { reported = true; });
  journal.reset();
  EXPECT_FALSE(reported);
  disk.fail_writes(SQLITE_OK);
  open();
  EXPECT_FALSE(unfinished.at(0).history.sent_unsafe);
}

TEST_F(DiskTrouble, DeathsThatCannotBeRecordedStopTheStart) {
  open().accept(make_execution("one"));
  journal.reset();
  journal = std::make_unique<SqliteJournal>(options, events);
  disk.fail_writes(SQLITE_FULL);
  EXPECT_THROW(journal->recover({Blame::On::everybody, {}}, [](const std::vector<Unfinished>&) { FAIL(); }),
               JournalError);
  disk.fail_writes(SQLITE_OK);
  blame.on = Blame::On::everybody;
  open();
  EXPECT_EQ(unfinished.at(0).history.deaths, 1U);
}

TEST_F(DiskTrouble, APulseIsAnsweredWhileTheDiskRefusesButNotWhileItHangs) {
  const auto is_answered = [](const PulsePtr& pulse) {
    const auto limit = std::chrono::steady_clock::now() + 20s;
    while (!pulse->answered() && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
    return pulse->answered();
  };
  open().accept(make_execution("one"));
  disk.fail_writes(SQLITE_FULL);
  journal->accept(make_execution("two"));
  const auto refused = std::make_shared<Pulse>();
  journal->take_pulse(refused);
  EXPECT_TRUE(is_answered(refused));
  disk.fail_writes(SQLITE_OK);
  ASSERT_TRUE(becomes_writable());

  HangingSync sync(disk);
  auto hanging = std::async(std::launch::async, [&] { return journal->accept(make_execution("hangs")); });
  sync.wait_until_it_hangs();
  const auto pulse = std::make_shared<Pulse>();
  journal->take_pulse(pulse);
  EXPECT_EQ(hanging.wait_for(100ms), std::future_status::timeout);
  EXPECT_FALSE(pulse->answered());
  sync.go_on();
  EXPECT_TRUE(is_answered(pulse));
  EXPECT_EQ(hanging.get().status, Status::accepted);
  journal.reset();
}

TEST_F(DiskTrouble, DestructionDoesNotHangOnADiskThatRefuses) {
  const auto one = make_execution("one");
  open().accept(one);
  disk.fail_writes(SQLITE_FULL);
  journal->decide(one, completed());
  journal.reset();
  EXPECT_TRUE(notices.has("are not recorded"));
  disk.fail_writes(SQLITE_OK);
  open();
  ASSERT_EQ(unfinished.size(), 1U);
  EXPECT_EQ(unfinished[0].outcome, nullptr);
}

TEST_F(DiskTrouble, RefusesToOpenWithASentenceWhenTheDiskIsFull) {
  disk.fail_writes(SQLITE_FULL);
  try {
    open();
    FAIL() << "it opened";
  } catch (const JournalError& error) {
    EXPECT_NE(std::string(error.what()).find("free some space"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace fulfilld::testing
