// SPDX-License-Identifier: Apache-2.0
#include <SQLiteCpp/Database.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "runtime/journal/journal_store.hpp"
#include "tests/runtime/journal/journal_fixture.hpp"

namespace fulfilld::testing {
namespace {

std::shared_ptr<Execution> with_key(const std::string& id, const std::string& key,
                                    const std::string& data = R"({"customer":1})") {
  auto execution = make_execution(id, url_of(id), data);
  execution->idempotency_key = key;
  return execution;
}

class IdempotencyKey : public JournalTest {
 protected:
  void expect_repeat_of_one(const std::string& when) {
    const auto answer = journal->accept(with_key("other", "key"));
    EXPECT_EQ(answer.status, Status::repeated) << when;
    EXPECT_EQ(answer.execution_id, "one") << when;
  }
};

TEST_F(IdempotencyKey, TellsARepeatWhateverItsUrl) {
  open().accept(with_key("one", "key"));
  expect_repeat_of_one("at once");
  open();
  ASSERT_EQ(unfinished.size(), 1U);
  EXPECT_EQ(unfinished[0].execution->idempotency_key, "key");
  expect_repeat_of_one("after a restart");
  EXPECT_EQ(events.accepted().size(), 1U);
}

TEST_F(IdempotencyKey, IsAConflictWithOtherContent) {
  open().accept(with_key("one", "key"));
  const auto other_data = journal->accept(with_key("other", "key", "{}"));
  EXPECT_EQ(other_data.status, Status::conflict);
  EXPECT_EQ(other_data.execution_id, "one");
  const auto other_action = with_key("other", "key");
  other_action->action = "another";
  EXPECT_EQ(journal->accept(other_action).status, Status::conflict);
  open();
  EXPECT_EQ(unfinished.size(), 1U);
}

TEST_F(IdempotencyKey, MattersLessThanTheUrl) {
  open().accept(with_key("one", "key"));
  journal->accept(with_key("two", "second"));
  const auto answer = journal->accept(with_key("one", "second"));
  EXPECT_EQ(answer.status, Status::repeated);
  EXPECT_EQ(answer.execution_id, "one");
  EXPECT_EQ(journal->accept(with_key("one", "new")).status, Status::repeated);
  EXPECT_EQ(journal->accept(with_key("three", "new")).status, Status::accepted) << "a repeat brings no new key";
}

TEST_F(IdempotencyKey, IsNotNeeded) {
  open().accept(make_execution("one"));
  EXPECT_EQ(journal->accept(make_execution("two")).status, Status::accepted);
  EXPECT_EQ(journal->accept(with_key("one", "key")).status, Status::repeated);
}

TEST_F(IdempotencyKey, IsNeverTakenForAnId) {
  open().accept(with_key("one", "two"));
  EXPECT_EQ(journal->accept(with_key("two", "one")).status, Status::accepted);
  EXPECT_EQ(journal->accept(make_execution("three")).status, Status::accepted);
  EXPECT_EQ(journal->accept(with_key("four", "three")).status, Status::accepted);
}

TEST_F(IdempotencyKey, HoldsWithinOneGroupAndIsForgottenWithIt) {
  open();
  journal.reset();
  journal::JournalStore store(options);
  store.begin_group();
  ASSERT_EQ(store.accept(*with_key("one", "key")).status, Status::accepted);
  EXPECT_EQ(store.accept(*with_key("two", "key")).status, Status::repeated);
  EXPECT_EQ(store.accept(*with_key("three", "key", "{}")).status, Status::conflict);
  store.rollback_group();
  store.begin_group();
  EXPECT_EQ(store.accept(*with_key("four", "key", "{}")).status, Status::accepted);
  store.commit_group();
}

TEST_F(IdempotencyKey, IsOneAmongManyCopiesAtOnce) {
  open();
  std::atomic<int> accepted{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 64; ++i)
    threads.emplace_back([&, i] {
      const auto answer = journal->accept(with_key("copy-" + std::to_string(i), "key"));
      accepted += answer.status == Status::accepted ? 1 : 0;
      EXPECT_TRUE(answer.status == Status::accepted || answer.status == Status::repeated);
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(accepted, 1);
}

TEST_F(IdempotencyKey, HoldsInSealedPartitions) {
  options.partition_rows = 10;
  open().accept(with_key("one", "key"));
  for (int i = 0; i < 25; ++i) journal->accept(with_key(std::to_string(i), "key-" + std::to_string(i)));
  journal.reset();
  {
    journal::JournalStore store(options);
    while (store.upkeep()) continue;
  }
  EXPECT_TRUE(SQLite::Database((options.directory / "journal.db").string()).tableExists("key_1"));
  open();
  expect_repeat_of_one("sealed");
  EXPECT_EQ(journal->accept(with_key("x", "key-15")).execution_id, "15");
  EXPECT_EQ(journal->accept(with_key("x", "key-15", "{}")).status, Status::conflict);
  EXPECT_EQ(journal->accept(with_key("x", "key-x")).status, Status::accepted);
}

TEST_F(IdempotencyKey, IsSavedFromADamagedJournal) {
  open().accept(with_key("one", "key"));
  journal->accept(with_key("two", "second"));
  journal.reset();
  {
    std::fstream file(options.directory / "journal.db", std::ios::binary | std::ios::in | std::ios::out);
    file.write(std::string(100, '!').data(), 100);
  }
  open();
  EXPECT_TRUE(notices.has("is set aside"));
  expect_repeat_of_one("saved");
  EXPECT_EQ(unfinished.size(), 2U);
}

TEST_F(IdempotencyKey, ThatIsDamagedNeverBelongsToSomebodyElse) {
  open().accept(with_key("one", "key"));
  journal.reset();
  SQLite::Database((options.directory / "journal.db").string(), SQLite::OPEN_READWRITE)
      .exec("UPDATE alias_1 SET key = 'kez'");
  open();
  EXPECT_EQ(unfinished.at(0).execution->idempotency_key, "");
  EXPECT_EQ(journal->accept(with_key("two", "kez")).status, Status::accepted);
}

}  // namespace
}  // namespace fulfilld::testing
