// SPDX-License-Identifier: Apache-2.0
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "tests/runtime/journal/journal_fixture.hpp"

namespace fulfilld::testing {
namespace {

class OutcomeRecord : public JournalTest {
 protected:
  std::shared_ptr<Execution> accepted(const std::string& id) {
    const auto execution = make_execution(id);
    EXPECT_EQ(journal->accept(execution).status, Status::accepted);
    return execution;
  }
};

TEST_F(OutcomeRecord, IsDurableWhenItIsReported) {
  open();
  const auto execution = accepted("one");
  journal->decide(execution, {Reason::backend_timeout, "{\"status\":\"failed\"}"});
  ASSERT_TRUE(events.wait_for_decided(1));
  EXPECT_EQ(events.decided()[0].execution, execution);
  EXPECT_EQ(events.decided()[0].outcome->reason, Reason::backend_timeout);
  open();
  ASSERT_EQ(unfinished.size(), 1U);
  ASSERT_NE(unfinished[0].outcome, nullptr);
  EXPECT_EQ(unfinished[0].outcome->reason, Reason::backend_timeout);
  EXPECT_EQ(unfinished[0].outcome->body, "{\"status\":\"failed\"}");
}

TEST_F(OutcomeRecord, IsTheFirstOne) {
  open();
  const auto execution = accepted("one");
  journal->decide(execution, {Reason::none, "first"});
  journal->decide(execution, {Reason::deadline, "second"});
  journal->flush();
  journal->decide(execution, {Reason::deadline, "third"});
  journal->flush();
  ASSERT_EQ(events.decided().size(), 1U);
  EXPECT_EQ(events.decided()[0].outcome->body, "first");
  open();
  journal->decide(unfinished.at(0).execution, {Reason::deadline, "fourth"});
  journal->flush();
  EXPECT_EQ(events.decided().size(), 1U) << "after a restart too";
}

TEST_F(OutcomeRecord, MayComeAfterARestart) {
  open();
  accepted("one");
  open();
  journal->decide(unfinished.at(0).execution, completed());
  ASSERT_TRUE(events.wait_for_decided(1));
  journal->end(unfinished[0].execution, {});
  open();
  EXPECT_TRUE(unfinished.empty());
}

TEST_F(OutcomeRecord, IsIgnoredForAnExecutionThatWasNeverAccepted) {
  open();
  accepted("one");
  const auto stranger = make_execution("stranger");
  journal->decide(stranger, completed());
  stranger->sequence = 1000;
  journal->decide(stranger, completed());
  journal->end(stranger, {});
  journal->flush();
  EXPECT_TRUE(events.decided().empty());
}

TEST_F(OutcomeRecord, EndsAnExecutionForGood) {
  open();
  const auto first = accepted("one");
  const auto second = accepted("two");
  journal->decide(first, completed());
  journal->end(first, {.reason = Reason::none, .attempts = 3});
  journal->end(first, {.reason = Reason::undeliverable, .attempts = 9});
  journal->flush();
  journal.reset();
  SQLite::Database database((options.directory / "journal.db").string());
  SQLite::Statement row(database, "SELECT seq, reason, attempts FROM ending_1");
  ASSERT_TRUE(row.executeStep());
  EXPECT_EQ(static_cast<std::uint64_t>(row.getColumn(0).getInt64()), first->sequence);
  EXPECT_EQ(row.getColumn(1).getInt(), 0);
  EXPECT_EQ(row.getColumn(2).getInt(), 3);
  EXPECT_FALSE(row.executeStep());
}

TEST_F(OutcomeRecord, DestructionCommitsWhatIsQueued) {
  open();
  std::vector<std::shared_ptr<Execution>> executions;
  for (int i = 0; i < 100; ++i) executions.push_back(accepted(std::to_string(i)));
  for (const auto& execution : executions) journal->decide(execution, completed());
  for (int i = 0; i < 50; ++i) journal->end(executions[i], {});
  open();
  ASSERT_EQ(unfinished.size(), 50U);
  for (const auto& one : unfinished) EXPECT_NE(one.outcome, nullptr);
  EXPECT_EQ(events.decided().size(), 100U);
}

}  // namespace
}  // namespace fulfilld::testing
