// SPDX-License-Identifier: Apache-2.0
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <future>

#include "tests/runtime/journal/journal_fixture.hpp"
#include "tests/runtime/journal/version_1_journal.hpp"

namespace fulfilld::testing {
namespace {

constexpr std::size_t ended = 3000;
constexpr std::size_t old_ones = ended + 10'000;

/// The first ones have ended; of the others every fifth has an outcome.
Version1Execution old_execution(std::size_t number) {
  const auto id = std::to_string(number);
  Version1Execution execution{
      id, url_of(id), "token-" + id, "default", "correlation-" + id, 1'700'000'000'000, "{\"n\":" + id + "}", {}, {}};
  if (number < ended || number % 5 == 0) execution.outcome = {0, "outcome of " + id};
  if (number < ended) execution.ending = {0, 2};
  return execution;
}

std::shared_ptr<Execution> repeat_of(std::size_t number) {
  const auto old = old_execution(number);
  auto execution = make_execution(old.id, old.url, old.data);
  execution->action = old.action;
  return execution;
}

class Migration : public JournalTest {
 protected:
  Migration() { write_version_1_journal(options.directory, old_ones, old_execution, ended); }

  int version() {
    journal.reset();
    SQLite::Database database((options.directory / "journal.db").string());
    SQLite::Statement stored(database, "SELECT value FROM meta WHERE name = 'schema_version'");
    return stored.executeStep() ? stored.getColumn(0).getInt() : 0;
  }
};

TEST_F(Migration, KeepsAllThatWasUnfinished) {
  open();
  EXPECT_FALSE(notices.has("damaged"));
  ASSERT_EQ(unfinished.size(), old_ones - ended);
  for (std::size_t i = 0; i < unfinished.size(); ++i) {
    const auto old = old_execution(ended + i);
    const auto& [execution, outcome, history] = unfinished[i];
    ASSERT_EQ(execution->id, old.id);
    ASSERT_EQ(execution->sequence, ended + i + 1);
    ASSERT_EQ(execution->fulfillment_url.text, old.url);
    ASSERT_EQ(execution->fulfillment_token, old.token);
    ASSERT_EQ(execution->action, old.action);
    ASSERT_EQ(execution->correlation_id, old.correlation_id);
    ASSERT_EQ(execution->accepted_at.time_since_epoch().count(), old.accepted_at);
    ASSERT_EQ(execution->data, old.data);
    ASSERT_EQ(execution->idempotency_key, "");
    ASSERT_EQ(outcome != nullptr, old.outcome.has_value());
    ASSERT_EQ(outcome ? outcome->body : "", old.outcome ? old.outcome->body : "");
    ASSERT_EQ(history.attempts, 0U);
    ASSERT_EQ(history.last_error, Reason::none);
    ASSERT_EQ(history.deaths, 0U);
    ASSERT_FALSE(history.sent_unsafe);
  }
  EXPECT_EQ(version(), 2);
  open();
  EXPECT_EQ(unfinished.size(), old_ones - ended) << "once more, without a migration";
}

TEST_F(Migration, KeepsKnowingWhatWasAccepted) {
  open();
  for (const std::size_t number : {std::size_t{0}, ended - 1, ended, old_ones - 1})
    EXPECT_EQ(journal->accept(repeat_of(number)).status, Status::repeated) << number;
}

TEST_F(Migration, GivesAllPartitionsTheirNewTables) {
  open();
  journal->note_failed_attempt(unfinished.at(1).execution, Reason::backend_timeout);
  std::promise<void> on_record;
  journal->note_sending(unfinished.back().execution, [&] { on_record.set_value(); });
  ASSERT_EQ(on_record.get_future().wait_for(20s), std::future_status::ready);
  blame.on = Blame::On::everybody;
  open();
  ASSERT_EQ(unfinished.size(), old_ones - ended);
  EXPECT_EQ(unfinished[1].history.attempts, 1U);
  EXPECT_TRUE(unfinished.back().history.sent_unsafe);
  for (const auto& one : unfinished) ASSERT_EQ(one.history.deaths, one.outcome ? 0U : 1U);
}

TEST_F(Migration, KnowsIdempotencyKeysInThePartitionThatWasOpen) {
  open();
  const auto first = make_execution("new");
  first->idempotency_key = "key";
  EXPECT_EQ(journal->accept(first).status, Status::accepted);
  const auto again = [&] {
    const auto execution = make_execution("other");
    execution->idempotency_key = "key";
    return journal->accept(execution);
  };
  EXPECT_EQ(again().execution_id, "new");
  open();
  EXPECT_EQ(again().status, Status::repeated);
}

}  // namespace
}  // namespace fulfilld::testing
