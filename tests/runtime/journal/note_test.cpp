// SPDX-License-Identifier: Apache-2.0
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <fstream>
#include <future>

#include "runtime/journal/journal_store.hpp"
#include "tests/runtime/journal/journal_fixture.hpp"

namespace fulfilld::testing {
namespace {

class Notes : public JournalTest {
 protected:
  std::shared_ptr<Execution> accepted(const std::string& id) {
    const auto execution = make_execution(id);
    EXPECT_EQ(journal->accept(execution).status, Status::accepted);
    return execution;
  }

  void note_sending(const ExecutionPtr& execution) {
    std::promise<void> on_record;
    journal->note_sending(execution, [&] { on_record.set_value(); });
    ASSERT_EQ(on_record.get_future().wait_for(20s), std::future_status::ready);
  }

  /// The only unfinished one after a restart.
  History history_after_restart() {
    open();
    EXPECT_EQ(unfinished.size(), 1U);
    return unfinished.empty() ? History{} : unfinished[0].history;
  }

  void in_database(const std::string& sql) {
    journal.reset();
    SQLite::Database((options.directory / "journal.db").string(), SQLite::OPEN_READWRITE).exec(sql);
  }

  std::int64_t number(const std::string& sql) {
    journal.reset();
    SQLite::Database database((options.directory / "journal.db").string());
    SQLite::Statement query(database, sql);
    return query.executeStep() ? query.getColumn(0).getInt64() : -1;
  }
};

TEST_F(Notes, AreEmptyForWhatHasNotBegun) {
  open();
  accepted("one");
  const auto history = history_after_restart();
  EXPECT_EQ(history.attempts, 0U);
  EXPECT_EQ(history.last_error, Reason::none);
  EXPECT_EQ(history.deaths, 0U);
  EXPECT_FALSE(history.sent_unsafe);
}

TEST_F(Notes, CountFailedAttemptsOverRestarts) {
  open();
  const auto one = accepted("one");
  journal->note_failed_attempt(one, Reason::backend_timeout);
  journal->note_failed_attempt(one, Reason::backend_tls);
  EXPECT_EQ(history_after_restart().attempts, 2U);
  EXPECT_EQ(unfinished[0].history.last_error, Reason::backend_tls);
  journal->note_failed_attempt(unfinished[0].execution, Reason::backend_unreachable);
  EXPECT_EQ(history_after_restart().attempts, 3U);
  EXPECT_EQ(unfinished[0].history.last_error, Reason::backend_unreachable);
}

TEST_F(Notes, KeepTheFirstHundredFailedAttempts) {
  open();
  const auto one = accepted("one");
  for (int i = 0; i < 100; ++i) journal->note_failed_attempt(one, Reason::backend_timeout);
  journal->flush();
  for (int i = 0; i < 50; ++i) journal->note_failed_attempt(one, Reason::backend_tls);
  EXPECT_EQ(history_after_restart().attempts, 100U);
  EXPECT_EQ(unfinished[0].history.last_error, Reason::backend_timeout);
  EXPECT_EQ(unfinished[0].history.deaths, 0U) << "they must not be taken for anything else";
}

TEST_F(Notes, DoNotMixNeighbours) {
  open();
  const auto one = accepted("one");
  const auto two = accepted("two");
  const auto three = accepted("three");
  for (int i = 0; i < 120; ++i) journal->note_failed_attempt(one, Reason::backend_timeout);
  note_sending(three);
  open();
  ASSERT_EQ(unfinished.size(), 3U);
  EXPECT_EQ(unfinished[1].history.attempts, 0U);
  EXPECT_FALSE(unfinished[1].history.sent_unsafe);
  EXPECT_TRUE(unfinished[2].history.sent_unsafe);
}

TEST_F(Notes, OfASendingAreDurableWhenTheyAreReported) {
  open();
  const auto one = accepted("one");
  note_sending(one);
  // What is not committed would be gone after this.
  std::filesystem::copy(options.directory, directory.path() / "as-killed", std::filesystem::copy_options::recursive);
  journal.reset();
  options.directory = directory.path() / "as-killed";
  EXPECT_TRUE(history_after_restart().sent_unsafe);
}

TEST_F(Notes, OfASendingAreWrittenOnceAndReportedEachTime) {
  open();
  const auto one = accepted("one");
  for (int i = 0; i < 5; ++i) note_sending(one);
  EXPECT_EQ(number("SELECT count(*) FROM note_1"), 1);
}

TEST_F(Notes, AreNotWrittenOnceTheOutcomeIsKnown) {
  open();
  const auto one = accepted("one");
  journal->decide(one, completed());
  note_sending(one);
  journal->note_failed_attempt(one, Reason::backend_timeout);
  const auto stranger = make_execution("stranger");
  stranger->sequence = 1000;
  note_sending(stranger);
  EXPECT_EQ(number("SELECT count(*) FROM note_1"), 0);
}

TEST_F(Notes, OfDeathsGoToThoseWhoAreNamedAndUndecided) {
  open();
  const auto one = accepted("one");
  const auto two = accepted("two");
  const auto decided = accepted("decided");
  journal->decide(decided, completed());
  blame = {Blame::On::named, {two->sequence, decided->sequence, 12345}};
  for (std::uint32_t deaths = 1; deaths <= 3; ++deaths) {
    open();
    ASSERT_EQ(unfinished.size(), 3U);
    EXPECT_EQ(unfinished[0].history.deaths, 0U);
    EXPECT_EQ(unfinished[1].history.deaths, deaths);
    EXPECT_EQ(unfinished[2].history.deaths, 0U);
  }
  blame = {};
  open();
  EXPECT_EQ(unfinished[1].history.deaths, 3U) << "an orderly end adds none";
}

TEST_F(Notes, OfDeathsInDeliveryGoToTheDecidedWhoAreNamed) {
  open();
  const auto one = accepted("one");
  const auto undecided = accepted("undecided");
  blame = {Blame::On::named, {one->sequence}};
  EXPECT_EQ(open().writable(), true);
  ASSERT_EQ(unfinished.size(), 2U);
  journal->decide(unfinished[0].execution, completed());
  for (std::uint32_t deaths = 1; deaths <= 3; ++deaths) {
    open();
    ASSERT_EQ(unfinished.size(), 2U);
    EXPECT_EQ(unfinished[0].history.deaths, 1U) << "from before it was decided";
    EXPECT_EQ(unfinished[0].history.deaths_in_delivery, deaths);
    EXPECT_EQ(unfinished[1].history.deaths_in_delivery, 0U);
  }
  blame = {Blame::On::everybody, {}};
  open();
  EXPECT_EQ(unfinished[0].history.deaths_in_delivery, 3U) << "on suspicion none";
  EXPECT_EQ(unfinished[1].history.deaths, 1U);
}

TEST_F(Notes, OfDeathsAreDurableBeforeTheFirstSlice) {
  open();
  accepted("one");
  journal.reset();
  {
    SqliteJournal dies(options, events);
    dies.recover({Blame::On::everybody, {}}, [&](const std::vector<Unfinished>&) {
      std::filesystem::copy(options.directory, directory.path() / "as-killed",
                            std::filesystem::copy_options::recursive);
    });
  }
  options.directory = directory.path() / "as-killed";
  EXPECT_EQ(history_after_restart().deaths, 1U);
}

TEST_F(Notes, OfDeathsNeverRunOver) {
  open();
  accepted("one");
  accepted("two");
  blame.on = Blame::On::everybody;
  journal.reset();
  for (int i = 0; i < 200; ++i) {
    journal::JournalStore store(options);
    store.recover(blame, [](const std::vector<Unfinished>&) {});
  }
  blame = {};
  open();
  EXPECT_GE(unfinished[0].history.deaths, 100U);
  EXPECT_EQ(unfinished[0].history.deaths, unfinished[1].history.deaths);
  EXPECT_FALSE(unfinished[1].history.sent_unsafe);
}

TEST_F(Notes, AreGoneWithTheGroupThatIsRolledBack) {
  open();
  const auto one = accepted("one");
  journal.reset();
  {
    journal::JournalStore store(options);
    store.begin_group();
    store.note_sending(one->sequence);
    store.note_failed_attempt(one->sequence, Reason::backend_timeout);
    store.rollback_group();
    store.begin_group();
    store.note_failed_attempt(one->sequence, Reason::backend_tls);
    store.commit_group();
  }
  EXPECT_EQ(history_after_restart().attempts, 1U);
  EXPECT_EQ(unfinished[0].history.last_error, Reason::backend_tls);
  EXPECT_FALSE(unfinished[0].history.sent_unsafe);
}

TEST_F(Notes, ThatAreDamagedCountAsNone) {
  open();
  const auto one = accepted("one");
  journal->note_failed_attempt(one, Reason::backend_timeout);
  journal->note_failed_attempt(one, Reason::backend_timeout);
  in_database("UPDATE note_1 SET noted_at = noted_at + 1 WHERE entry % 256 = 1");
  EXPECT_EQ(history_after_restart().attempts, 1U);
  EXPECT_FALSE(unfinished[0].history.sent_unsafe);
}

class DamagedSending : public Notes, public ::testing::WithParamInterface<const char*> {};

TEST_P(DamagedSending, CountsAsSent) {
  open();
  const auto one = accepted("one");
  accepted("two");
  note_sending(one);
  in_database("UPDATE note_1 SET " + std::string(GetParam()));
  open();
  ASSERT_EQ(unfinished.size(), 2U);
  EXPECT_TRUE(unfinished[0].history.sent_unsafe);
}

INSTANTIATE_TEST_SUITE_P(InAnyColumn, DamagedSending,
                         ::testing::Values("entry = entry + 1", "entry = entry + 256", "digest = digest + 1",
                                           "seq = seq + 1", "kind = 2", "reason = 7", "noted_at = 0"));

TEST_F(Notes, ArePurgedWithTheirPartition) {
  options.partition_rows = 5;
  options.retention = 0ms;
  open();
  for (int i = 0; i < 5; ++i) {
    const auto execution = accepted(std::to_string(i));
    journal->note_failed_attempt(execution, Reason::backend_timeout);
    note_sending(execution);
    journal->decide(execution, completed());
    journal->end(execution, {});
  }
  journal.reset();
  {
    journal::JournalStore store(options);
    while (store.upkeep()) continue;
  }
  EXPECT_EQ(number("SELECT count(*) FROM sqlite_schema WHERE name IN ('note_1', 'alias_1', 'accept_1')"), 0);
}

TEST_F(Notes, AreSavedFromADamagedJournal) {
  options.partition_rows = 10;
  open();
  std::vector<ExecutionPtr> executions;
  for (int i = 0; i < 45; ++i) executions.push_back(accepted(std::to_string(i)));
  for (const auto& execution : executions) journal->note_failed_attempt(execution, Reason::backend_timeout);
  for (int i = 0; i < 45; i += 2) note_sending(executions[static_cast<std::size_t>(i)]);
  // A sending that can no longer be read, in a file whose beginning is gone.
  in_database("UPDATE note_1 SET noted_at = 0 WHERE entry = " + std::to_string(executions[4]->sequence * 256));
  std::fstream(options.directory / "journal.db", std::ios::binary | std::ios::in | std::ios::out)
      .write(std::string(100, '!').data(), 100);
  options.partition_rows = 7;
  open();
  EXPECT_TRUE(notices.has("is set aside"));
  ASSERT_EQ(unfinished.size(), 45U);
  for (std::size_t i = 0; i < 45; ++i) {
    EXPECT_EQ(unfinished[i].history.attempts, 1U) << i;
    EXPECT_EQ(unfinished[i].history.sent_unsafe, i % 2 == 0) << i;
  }
}

TEST_F(Notes, AreSavedFromBehindABreakInTheLog) {
  options.full_sync = false;
  std::filesystem::create_directories(options.directory);
  const auto killed = directory.path() / "as-killed";
  {
    journal::JournalStore store(options);
    const auto in_a_group = [&](const auto& action) {
      for (std::uint64_t sequence = 1; sequence <= 200; ++sequence) {
        store.begin_group();
        action(sequence);
        store.commit_group();
      }
    };
    in_a_group([&](std::uint64_t sequence) {
      const auto execution = make_execution(std::to_string(sequence));
      execution->idempotency_key = "key-" + execution->id;
      ASSERT_EQ(store.accept(*execution).status, Status::accepted);
    });
    in_a_group([&](std::uint64_t sequence) { store.note_failed_attempt(sequence, Reason::backend_timeout); });
    in_a_group([&](std::uint64_t sequence) { store.note_sending(sequence); });
    std::filesystem::copy(options.directory, killed);
  }
  constexpr std::streamoff frame = 24 + 4096;
  std::fstream(killed / "journal.db-wal", std::ios::binary | std::ios::in | std::ios::out)
      .seekp(32 + 30 * frame + 2000)
      .put('!');
  options.directory = killed;
  open();
  EXPECT_TRUE(notices.has("behind the break"));
  EXPECT_GE(unfinished.size(), 180U) << "at most the rows of one page are lost";
  for (const auto& one : unfinished) {
    EXPECT_EQ(one.history.attempts, 1U);
    EXPECT_TRUE(one.history.sent_unsafe);
    EXPECT_EQ(one.execution->idempotency_key, "key-" + one.execution->id);
  }
}

}  // namespace
}  // namespace fulfilld::testing
