// SPDX-License-Identifier: Apache-2.0
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "runtime/journal/journal_store.hpp"
#include "tests/runtime/journal/journal_fixture.hpp"

namespace fulfilld::testing {
namespace {

class Recovery : public JournalTest {};

TEST_F(Recovery, HandsOutSlicesOldestFirst) {
  std::filesystem::create_directories(options.directory);
  {
    journal::JournalStore store(options);
    store.begin_group();
    for (int i = 0; i < 2500; ++i) ASSERT_EQ(store.accept(*make_execution(std::to_string(i))).status, Status::accepted);
    store.commit_group();
  }
  SqliteJournal reopened(options, events);
  std::vector<std::size_t> slices;
  int next = 0;
  reopened.recover({}, [&](std::vector<Unfinished> slice) {
    slices.push_back(slice.size());
    for (const auto& one : slice) ASSERT_EQ(one.execution->id, std::to_string(next++));
  });
  EXPECT_EQ(slices, (std::vector<std::size_t>{1000, 1000, 500}));
}

TEST_F(Recovery, SkipsWhatHasEnded) {
  open();
  for (int i = 0; i < 10; ++i) {
    const auto execution = make_execution(std::to_string(i));
    journal->accept(execution);
    if (i % 2 == 0) journal->decide(execution, completed());
    if (i % 4 == 0) journal->end(execution, {});
  }
  open();
  EXPECT_EQ(unfinished_ids(), (std::vector<std::string>{"1", "2", "3", "5", "6", "7", "9"}));
}

TEST_F(Recovery, TakesOutcomesFromInsideTheSlice) {
  open().accept(make_execution("one"));
  journal.reset();
  journal = std::make_unique<SqliteJournal>(options, events);
  journal->recover({}, [&](std::vector<Unfinished> slice) {
    for (const auto& one : slice) journal->decide(one.execution, {Reason::deadline, "late"});
  });
  journal->start();
  EXPECT_TRUE(events.wait_for_decided(1));
}

TEST_F(Recovery, ReportsAndEndsARowThatIsNotWhatWasWritten) {
  open();
  for (const auto* id : {"one", "two", "three"}) journal->accept(make_execution(id));
  journal.reset();
  {
    SQLite::Database database((options.directory / "journal.db").string(), SQLite::OPEN_READWRITE);
    database.exec("UPDATE accept_1 SET body = 'forged' WHERE id = 'two'");
  }
  open();
  EXPECT_EQ(unfinished_ids(), (std::vector<std::string>{"one", "three"}));
  EXPECT_TRUE(notices.has("\"two\""));
  open();
  EXPECT_EQ(unfinished.size(), 2U);
  journal.reset();
  SQLite::Database database((options.directory / "journal.db").string());
  SQLite::Statement row(database, "SELECT reason FROM ending_1");
  ASSERT_TRUE(row.executeStep());
  EXPECT_EQ(row.getColumn(0).getInt(), static_cast<int>(Reason::internal_error));
}

TEST_F(Recovery, RunsAgainWhereTheOutcomeIsNotWhatWasWritten) {
  open();
  const auto execution = make_execution("one");
  journal->accept(execution);
  journal->decide(execution, completed());
  journal.reset();
  {
    SQLite::Database database((options.directory / "journal.db").string(), SQLite::OPEN_READWRITE);
    database.exec("UPDATE outcome_1 SET body = 'forged'");
  }
  open();
  ASSERT_EQ(unfinished.size(), 1U);
  EXPECT_EQ(unfinished[0].outcome, nullptr);
  journal->decide(unfinished[0].execution, {Reason::none, "anew"});
  journal->flush();
  open();
  ASSERT_EQ(unfinished.size(), 1U);
  ASSERT_NE(unfinished[0].outcome, nullptr);
  EXPECT_EQ(unfinished[0].outcome->body, "anew");
}

}  // namespace
}  // namespace fulfilld::testing
