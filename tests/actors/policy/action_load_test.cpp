// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/action_load.hpp"

#include <gtest/gtest.h>

#include <array>
#include <deque>

#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using test::start;

constexpr QueueBounds few{.at_once = 2, .waiting = 3};
constexpr std::size_t any_number = QueueBounds::none;

void admit(ActionLoad& load, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) load.rate().begun(start);
}

TEST(ActionLoad, TakesNoMoreThanTheQueueOfWhatItCallsCanHold) {
  ActionLoad load(1min, {});
  SharedQueue queue{few, {}};
  load.use(queue, any_number);
  admit(load, 4);
  EXPECT_EQ(load.full_queue(), nullptr);
  admit(load, 1);
  EXPECT_EQ(load.full_queue(), &queue) << "two are called and three wait";
}

TEST(ActionLoad, CountsWhatOtherActionsHaveInTheSameQueue) {
  ActionLoad one(1min, {});
  ActionLoad other(1min, {});
  SharedQueue queue{few, {}};
  admit(other, 4);
  for (auto* load : {&one, &other}) load->use(queue, any_number);
  EXPECT_EQ(one.full_queue(), nullptr);
  admit(one, 1);
  EXPECT_EQ(one.full_queue(), &queue);
  EXPECT_EQ(other.full_queue(), &queue);
  EXPECT_EQ(queue.backlog(), 5u);
}

TEST(ActionLoad, IsBoundByWhatItMayTurnOutToCallUntilItHasCalledSomething) {
  ActionLoad load(1min, few);
  admit(load, 5);
  ASSERT_NE(load.full_queue(), nullptr);
  EXPECT_EQ(load.full_queue()->backlog(), 5u);
  SharedQueue larger{{.at_once = 2, .waiting = 4}, {}};
  load.use(larger, any_number);
  EXPECT_EQ(load.full_queue(), nullptr);
}

TEST(ActionLoad, IsBoundByTheFullestOfItsQueues) {
  ActionLoad load(1min, {});
  SharedQueue large{{.at_once = 100, .waiting = 100}, {}};
  SharedQueue small{few, {}};
  load.use(large, any_number);
  load.use(small, any_number);
  admit(load, 5);
  EXPECT_EQ(load.full_queue(), &small);
}

TEST(ActionLoad, HasNoSingleQueueOnceItCallsVeryMany) {
  ActionLoad load(1min, {});
  std::deque<SharedQueue> queues;
  while (load.may_use_more()) load.use(queues.emplace_back(SharedQueue{few, {}}), any_number);
  EXPECT_EQ(queues.size(), 17u);
  admit(load, 1000);
  EXPECT_EQ(load.full_queue(), nullptr);
  load.use(queues.emplace_back(SharedQueue{few, {}}), any_number);
  EXPECT_FALSE(load.uses(queues.back()));
}

TEST(ActionLoad, ExpectsOfAnUnseenBackendWhatItsConnectionsAndItsRateLetItDo) {
  struct Case {
    QueueBounds bounds;
    std::size_t admitted;
  };
  const std::array cases{
      Case{{.at_once = 100}, 2700},                                                          // 100/s for 27 s
      Case{{.at_once = 100, .rate = {.count = 2, .period = 1000ms, .burst = 1}}, 91},        // 2/s for 45 s, and one
      Case{{.at_once = 1000, .rate = {.count = 600, .period = 60000ms, .burst = 0}}, 1050},  // the burst is 600
      Case{{.at_once = 3}, 81},
  };
  for (const auto& [bounds, admitted] : cases) {
    ActionLoad load(1min, {});
    SharedQueue queue{bounds, {}};
    load.use(queue, any_number);
    std::size_t count = 0;
    for (; count < 5000 && !load.rate().too_long(start); ++count) load.rate().begun(start);
    EXPECT_EQ(count, admitted) << bounds.at_once;
  }
}

TEST(ActionLoad, ExpectsNoMoreCallsAtOnceThanTheProcessMakes) {
  ActionLoad load(1min, {});
  SharedQueue queue{{.at_once = 1000}, {}};
  load.use(queue, 100);
  std::size_t count = 0;
  for (; !load.rate().too_long(start); ++count) load.rate().begun(start);
  EXPECT_EQ(count, 2700u);
}

}  // namespace
}  // namespace fulfilld
