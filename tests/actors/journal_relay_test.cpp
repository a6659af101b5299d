// SPDX-License-Identifier: Apache-2.0
#include "actors/journal_relay.hpp"

#include "tests/actors/actor_test.hpp"
#include "tests/actors/doubles/inbox.hpp"
#include "tests/actors/doubles/sample_execution.hpp"

namespace fulfilld::test {
namespace {

class JournalRelayTest : public ActorTest {
 protected:
  Inbox inbox_;
  supervisor_actor supervisor_ = keep(spawn_supervisor_double(system_, inbox_));
  JournalRelay relay_;
};

TEST_F(JournalRelayTest, AcceptedExecutionsGoToTheSupervisorAsOneBatch) {
  relay_.connect(supervisor_);
  const ExecutionPtr first = make_execution(1), second = make_execution(2);
  relay_.accepted({first, second});
  settle();
  EXPECT_EQ(inbox_.accepted, (std::vector{first, second}));
  EXPECT_TRUE(inbox_.decided.empty());
}

TEST_F(JournalRelayTest, DecidedOutcomesGoToTheSupervisorToo) {
  relay_.connect(supervisor_);
  const Delivery delivery{make_execution(1), std::make_shared<const Outcome>()};
  relay_.decided({delivery});
  settle();
  ASSERT_EQ(inbox_.decided.size(), 1u);
  EXPECT_EQ(inbox_.decided[0].outcome, delivery.outcome);
  EXPECT_TRUE(inbox_.accepted.empty());
}

TEST_F(JournalRelayTest, OnceDisconnectedItTellsNobody) {
  relay_.connect(supervisor_);
  relay_.disconnect();
  relay_.accepted({make_execution(1)});
  relay_.decided({{make_execution(1), std::make_shared<const Outcome>()}});
  settle();
  EXPECT_TRUE(inbox_.accepted.empty());
  EXPECT_TRUE(inbox_.decided.empty());
}

}  // namespace
}  // namespace fulfilld::test
