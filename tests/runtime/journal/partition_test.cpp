// SPDX-License-Identifier: Apache-2.0
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <set>

#include "runtime/journal/journal_store.hpp"
#include "tests/runtime/journal/journal_fixture.hpp"

namespace fulfilld::testing {
namespace {

/// The store alone, with a clock that is moved by hand.
class Partitions : public ::testing::Test {
 protected:
  Partitions() {
    options.directory = directory.path();
    options.partition_rows = 10;
    options.partition_age = 1h;
    options.retention = 24h;
    options.wall_clock = [this] { return now; };
    options.notice = notices.sink();
    reopen();
  }

  void reopen() {
    store.reset();
    store = std::make_unique<journal::JournalStore>(options);
  }

  AcceptAnswer accept(const std::string& id) {
    store->begin_group();
    auto answer = store->accept(*make_execution(id));
    store->commit_group();
    return answer;
  }

  /// In one group.
  void accept_many(int count, bool ends) {
    store->begin_group();
    for (int i = 0; i < count; ++i) {
      const auto execution = make_execution(std::to_string(i));
      ASSERT_EQ(store->accept(*execution).status, Status::accepted);
      if (!ends) continue;
      ASSERT_TRUE(store->decide(execution->sequence, completed()));
      ASSERT_TRUE(store->end(execution->sequence, {}));
    }
    store->commit_group();
  }

  int upkeep() {
    int steps = 0;
    while (store->upkeep()) EXPECT_LT(++steps, 1000) << "upkeep never comes to its end";
    return steps;
  }

  std::set<std::string> tables() {
    store.reset();
    std::set<std::string> names;
    {
      SQLite::Database database((directory.path() / "journal.db").string());
      SQLite::Statement query(database, "SELECT name FROM sqlite_schema WHERE type = 'table'");
      while (query.executeStep()) names.insert(query.getColumn(0).getString());
    }
    reopen();
    return names;
  }

  ScratchDirectory directory;
  RecordedNotices notices;
  SqliteJournalOptions options;
  WallTime now{1'700'000'000'000ms};
  std::unique_ptr<journal::JournalStore> store;
};

TEST_F(Partitions, CloseAfterTheirRows) {
  accept_many(9, false);
  upkeep();
  EXPECT_EQ(store->partition_count(), 1U);
  accept("9");
  upkeep();
  EXPECT_EQ(store->partition_count(), 2U);
}

TEST_F(Partitions, CloseAtTheirAgeUnlessTheyAreEmpty) {
  now += 2h;
  upkeep();
  EXPECT_EQ(store->partition_count(), 1U);
  accept("1");
  upkeep();
  EXPECT_EQ(store->partition_count(), 2U);
}

TEST_F(Partitions, RecogniseRepeatsWhetherOpenClosedOrSealed) {
  for (int i = 0; i < 25; ++i) {
    accept(std::to_string(i));
    if (i % 10 == 0) store->upkeep();
  }
  const auto all_are_repeats = [&] {
    for (int i = 0; i < 25; ++i) EXPECT_EQ(accept(std::to_string(i)).status, Status::repeated) << i;
  };
  all_are_repeats();
  while (store->upkeep()) all_are_repeats();
  all_are_repeats();
  EXPECT_EQ(tables().count("key_1"), 1U) << "the closed one is sealed";
  all_are_repeats();
  EXPECT_EQ(accept("new").status, Status::accepted);
}

TEST_F(Partitions, AreSealedInSeveralStepsAndAlsoAfterARestartInBetween) {
  options.partition_rows = 5000;
  reopen();
  accept_many(5000, false);
  ASSERT_TRUE(store->upkeep()) << "a new one opens";
  ASSERT_TRUE(store->upkeep()) << "the first slice";
  reopen();
  EXPECT_GE(upkeep(), 3);
  EXPECT_EQ(accept("4999").status, Status::repeated);
  EXPECT_EQ(accept("0").status, Status::repeated);
}

TEST_F(Partitions, RenameOnAnIdOfASealedOne) {
  accept_many(10, false);
  upkeep();
  const auto other = make_execution("5", "https://api.mypurecloud.de/other/5");
  store->begin_group();
  EXPECT_EQ(store->accept(*other).status, Status::accepted);
  store->commit_group();
  EXPECT_NE(other->id, "5");
}

TEST_F(Partitions, OutcomesGoToThePartitionOfTheirExecution) {
  accept_many(15, false);
  upkeep();
  store->begin_group();
  EXPECT_TRUE(store->decide(3, completed()));
  EXPECT_TRUE(store->end(3, {}));
  EXPECT_FALSE(store->end(3, {}));
  store->commit_group();
  reopen();
  EXPECT_EQ(store->unfinished(), 14U);
}

TEST_F(Partitions, ArePurgedOnceAllHasEndedAndTheyAreOldEnough) {
  accept_many(10, true);
  upkeep();
  now += 23h;
  upkeep();
  EXPECT_EQ(tables().count("accept_1"), 1U) << "kept for 24 h";
  now += 2h;
  upkeep();
  const auto left = tables();
  for (const auto* name : {"accept_1", "outcome_1", "ending_1", "key_1"}) EXPECT_EQ(left.count(name), 0U) << name;
  EXPECT_EQ(left.count("accept_2"), 1U);
  EXPECT_EQ(accept("3").status, Status::accepted) << "nothing is known of it any more";
}

TEST_F(Partitions, AreNotPurgedWhileAnExecutionIsUnfinished) {
  accept_many(9, true);
  accept("straggler");
  upkeep();
  now += 30 * 24h;
  upkeep();
  EXPECT_EQ(tables().count("accept_1"), 1U);
  store->begin_group();
  EXPECT_TRUE(store->end(10, {}));
  store->commit_group();
  upkeep();
  EXPECT_EQ(tables().count("accept_1"), 0U);
}

TEST_F(Partitions, ArePurgedInSlicesAndAlsoAfterARestartInBetween) {
  options.partition_rows = 3500;
  reopen();
  accept_many(3500, true);
  upkeep();
  now += 25h;
  ASSERT_TRUE(store->upkeep());
  ASSERT_TRUE(store->upkeep());
  EXPECT_EQ(accept("3400").status, Status::repeated) << "its slice has not come yet";
  reopen();
  EXPECT_GE(upkeep(), 4);
  EXPECT_EQ(tables().count("accept_1"), 0U);
}

TEST_F(Partitions, NeverReuseASequence) {
  accept_many(10, true);
  upkeep();
  now += 25h;
  upkeep();
  reopen();
  const auto execution = make_execution("later");
  store->begin_group();
  EXPECT_EQ(store->accept(*execution).status, Status::accepted);
  store->commit_group();
  EXPECT_EQ(execution->sequence, 11U);
}

TEST_F(Partitions, ForgetAGroupThatIsRolledBack) {
  const auto first = make_execution("first");
  store->begin_group();
  ASSERT_EQ(store->accept(*first).status, Status::accepted);
  store->commit_group();
  store->begin_group();
  ASSERT_EQ(store->accept(*make_execution("second")).status, Status::accepted);
  ASSERT_TRUE(store->decide(first->sequence, completed()));
  ASSERT_TRUE(store->end(first->sequence, {}));
  store->rollback_group();
  EXPECT_EQ(store->unfinished(), 1U);
  EXPECT_EQ(accept("second").status, Status::accepted);
  store->begin_group();
  EXPECT_TRUE(store->decide(first->sequence, completed()));
  store->commit_group();
  reopen();
  EXPECT_EQ(store->unfinished(), 2U);
}

}  // namespace
}  // namespace fulfilld::testing
