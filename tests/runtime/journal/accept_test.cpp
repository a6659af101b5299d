// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <thread>

#include "tests/runtime/journal/journal_fixture.hpp"

namespace fulfilld::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::MatchesRegex;

class Accept : public JournalTest {};

TEST_F(Accept, IsDurableAndComesBackAsItWas) {
  const auto sent = make_execution("one", url_of("one") + "?a=b", std::string("{\"x\":\"\0y\"}", 10));
  EXPECT_EQ(open().accept(sent).status, Status::accepted);
  EXPECT_NE(sent->sequence, 0U);
  open();
  ASSERT_EQ(unfinished.size(), 1U);
  const auto& found = *unfinished[0].execution;
  EXPECT_EQ(unfinished[0].outcome, nullptr);
  EXPECT_EQ(found.id, sent->id);
  EXPECT_EQ(found.action, sent->action);
  EXPECT_EQ(found.fulfillment_url.text, sent->fulfillment_url.text);
  EXPECT_EQ(found.fulfillment_url.origin, sent->fulfillment_url.origin);
  EXPECT_EQ(found.fulfillment_url.target, sent->fulfillment_url.target);
  EXPECT_EQ(found.fulfillment_token, sent->fulfillment_token);
  EXPECT_EQ(found.data, sent->data);
  EXPECT_EQ(found.correlation_id, sent->correlation_id);
  EXPECT_EQ(found.accepted_at, sent->accepted_at);
  EXPECT_EQ(found.sequence, sent->sequence);
}

TEST_F(Accept, ReportsWhatIsToRunBeforeOrSoonAfterTheAnswer) {
  const auto sent = make_execution("one");
  open().accept(sent);
  ASSERT_TRUE(events.wait_for_accepted(1));
  EXPECT_EQ(events.accepted()[0], sent);
}

TEST_F(Accept, TakesBodiesOfAnySize) {
  const std::string large(3'000'000, 'x');
  open().accept(make_execution("large", url_of("large"), large));
  journal->accept(make_execution("empty", url_of("empty"), ""));
  open();
  ASSERT_THAT(unfinished_ids(), ElementsAre("large", "empty"));
  EXPECT_EQ(unfinished[0].execution->data, large);
  EXPECT_EQ(unfinished[1].execution->data, "");
}

TEST_F(Accept, RunsNothingForARepeat) {
  open().accept(make_execution("one"));
  const auto answer = journal->accept(make_execution("one"));
  EXPECT_EQ(answer.status, Status::repeated);
  EXPECT_EQ(answer.execution_id, "one");
  open();
  EXPECT_EQ(journal->accept(make_execution("one")).status, Status::repeated) << "after a restart too";
  EXPECT_EQ(events.accepted().size(), 1U);
  EXPECT_EQ(unfinished.size(), 1U);
}

TEST_F(Accept, RecognisesARepeatOfWhatHasEnded) {
  const auto sent = make_execution("one");
  open().accept(sent);
  journal->decide(sent, completed());
  journal->end(sent, {});
  journal->flush();
  EXPECT_EQ(journal->accept(make_execution("one")).status, Status::repeated);
}

TEST_F(Accept, RefusesTheSameUrlWithOtherContent) {
  open().accept(make_execution("one"));
  EXPECT_EQ(journal->accept(make_execution("one", url_of("one"), "{}")).status, Status::conflict);
  const auto other_action = make_execution("one");
  other_action->action = "another";
  EXPECT_EQ(journal->accept(other_action).status, Status::conflict);
}

TEST_F(Accept, RenamesAnExecutionWhoseIdBelongsToAnotherUrl) {
  open().accept(make_execution("one"));
  const auto second = make_execution("one", "https://api.mypurecloud.de/other/one");
  const auto answer = journal->accept(second);
  EXPECT_EQ(answer.status, Status::accepted);
  EXPECT_THAT(answer.execution_id, MatchesRegex("one-[0-9a-f]{8}"));
  EXPECT_EQ(second->id, answer.execution_id);
  const auto repeat = journal->accept(make_execution("one", "https://api.mypurecloud.de/other/one"));
  EXPECT_EQ(repeat.status, Status::repeated) << "it finds itself";
  EXPECT_EQ(repeat.execution_id, answer.execution_id);
  EXPECT_EQ(journal->accept(make_execution("one", "https://api.mypurecloud.de/other/one", "{}")).status,
            Status::conflict);
  EXPECT_EQ(journal->accept(make_execution("one", "https://api.mypurecloud.ie/third/one")).status, Status::accepted);
  EXPECT_EQ(journal->accept(make_execution("one")).execution_id, "one");
}

TEST_F(Accept, TakesOneOfManyEqualOnesAtOnce) {
  constexpr int rounds = 20;
  constexpr int copies = 64;
  open();
  for (int round = 0; round < rounds; ++round) {
    std::atomic<int> accepted{0};
    std::atomic<int> repeated{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < copies; ++i)
      threads.emplace_back([&] {
        const auto answer = journal->accept(make_execution("copy-" + std::to_string(round)));
        if (answer.status == Status::accepted) ++accepted;
        if (answer.status == Status::repeated) ++repeated;
      });
    for (auto& thread : threads) thread.join();
    ASSERT_EQ(accepted, 1);
    ASSERT_EQ(repeated, copies - 1);
  }
  EXPECT_EQ(events.accepted().size(), static_cast<std::size_t>(rounds));
  open();
  EXPECT_EQ(unfinished.size(), static_cast<std::size_t>(rounds));
}

TEST_F(Accept, NumbersInTheOrderOfAcceptance) {
  open();
  std::uint64_t last = 0;
  for (int i = 0; i < 10; ++i) {
    const auto execution = make_execution(std::to_string(i));
    journal->accept(execution);
    EXPECT_GT(execution->sequence, last);
    last = execution->sequence;
  }
  open();
  const auto execution = make_execution("after");
  journal->accept(execution);
  EXPECT_GT(execution->sequence, last);
}

}  // namespace
}  // namespace fulfilld::testing
