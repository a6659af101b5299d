// SPDX-License-Identifier: Apache-2.0
#include "runtime/health/heartbeat.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class HeartbeatTest : public testing::Test {
 protected:
  /// A subject whose questions wait in a mailbox.
  Heartbeat::Subject subject(const std::string& name) {
    return {name, [this, name](PulsePtr pulse) { mailboxes[name].push_back(std::move(pulse)); }};
  }

  std::unique_ptr<Heartbeat> watch(const std::vector<std::string>& names) {
    std::vector<Heartbeat::Subject> subjects;
    for (const auto& name : names) subjects.push_back(subject(name));
    return std::make_unique<Heartbeat>(std::move(subjects), 10s,
                                       [this](LogLevel, const std::string& text) { reports.push_back(text); });
  }

  void answer(const std::string& name) {
    for (auto& pulse : mailboxes[name]) pulse->answer(now);
    mailboxes[name].clear();
  }

  /// One tick a second; `healthy` ones answer before the next.
  void seconds(Heartbeat& heartbeat, int count, const std::vector<std::string>& healthy = {}) {
    for (int n = 0; n < count; ++n) {
      heartbeat.tick(now += 1s);
      for (const auto& name : healthy) answer(name);
    }
  }

  MonotonicTime now{1h};
  std::map<std::string, std::deque<PulsePtr>> mailboxes;
  std::vector<std::string> reports;
};

TEST_F(HeartbeatTest, SaysNothingOfThoseWhoAnswer) {
  const auto heartbeat = watch({"a", "b"});
  seconds(*heartbeat, 1000, {"a", "b"});
  EXPECT_TRUE(heartbeat->alive());
  EXPECT_THAT(reports, IsEmpty());
}

TEST_F(HeartbeatTest, NoticesOnceWhoHasNotAnsweredForTooLong) {
  const auto heartbeat = watch({"the actor a", "the actor b"});
  seconds(*heartbeat, 10, {"the actor b"});
  EXPECT_TRUE(heartbeat->alive());
  seconds(*heartbeat, 1, {"the actor b"});
  EXPECT_THAT(heartbeat->stuck(), ElementsAre("the actor a"));
  EXPECT_THAT(reports, ElementsAre("the actor a has not answered for 10 s"));
  seconds(*heartbeat, 100, {"the actor b"});
  EXPECT_EQ(reports.size(), 1U);
  EXPECT_FALSE(heartbeat->alive());
}

TEST_F(HeartbeatTest, NoticesOnceThatItAnswersAgainAndAfterWhatTime) {
  const auto heartbeat = watch({"a"});
  seconds(*heartbeat, 30);
  answer("a");
  EXPECT_FALSE(heartbeat->alive());
  seconds(*heartbeat, 50, {"a"});
  EXPECT_TRUE(heartbeat->alive());
  EXPECT_THAT(reports, ElementsAre("a has not answered for 10 s", "a answers again, after 30 s"));
}

TEST_F(HeartbeatTest, NoticesASecondTimeToo) {
  const auto heartbeat = watch({"a"});
  seconds(*heartbeat, 12);
  answer("a");
  seconds(*heartbeat, 12);
  EXPECT_FALSE(heartbeat->alive());
  EXPECT_EQ(reports.size(), 3U);
}

TEST_F(HeartbeatTest, AsksNothingMoreBeforeTheLastAnswer) {
  const auto heartbeat = watch({"a"});
  seconds(*heartbeat, 1000);
  EXPECT_EQ(mailboxes["a"].size(), 1U);
}

TEST_F(HeartbeatTest, AsksTheSuccessorOfOneThatIsGone) {
  const auto heartbeat = watch({"a"});
  seconds(*heartbeat, 5);
  mailboxes["a"].clear();
  seconds(*heartbeat, 1);
  EXPECT_EQ(mailboxes["a"].size(), 1U);
  seconds(*heartbeat, 100, {"a"});
  EXPECT_THAT(reports, IsEmpty());
}

TEST_F(HeartbeatTest, NoticesThatNobodyIsThereToBeAsked) {
  const auto heartbeat = watch({"a"});
  for (int n = 0; n < 12; ++n) {
    seconds(*heartbeat, 1);
    mailboxes["a"].clear();
  }
  EXPECT_THAT(heartbeat->stuck(), ElementsAre("a"));
  EXPECT_THAT(reports, ElementsAre("a has not answered for 10 s"));
}

TEST_F(HeartbeatTest, BlamesNobodyForATimeInWhichItDidNotRunItself) {
  const auto heartbeat = watch({"a"});
  seconds(*heartbeat, 3);
  now += 1h;
  seconds(*heartbeat, 1);
  EXPECT_TRUE(heartbeat->alive());
  seconds(*heartbeat, 100, {"a"});
  EXPECT_THAT(reports, IsEmpty());
}

TEST_F(HeartbeatTest, NoticesTheStuckEvenWhenItIsCalledSeldom) {
  const auto heartbeat = watch({"a"});
  for (int n = 0; n < 5; ++n) heartbeat->tick(now += 1min);
  EXPECT_FALSE(heartbeat->alive());
}

TEST_F(HeartbeatTest, CountsAnAnswerThatIsGivenAtOnce) {
  Heartbeat heartbeat({{"a", [](const PulsePtr& pulse) { pulse->answer(); }}}, 10s,
                      [](LogLevel, const std::string&) { ADD_FAILURE(); });
  seconds(heartbeat, 100);
  EXPECT_TRUE(heartbeat.alive());
}

TEST_F(HeartbeatTest, TellsHowLateTheLatestActorAnswered) {
  auto a = subject("a");
  auto b = subject("b");
  auto thread = subject("a thread");
  a.actor = b.actor = true;
  Heartbeat heartbeat({a, b, thread}, 10s, [](LogLevel, const std::string&) {});
  seconds(heartbeat, 1);
  EXPECT_EQ(heartbeat.actor_lag(), 0us);
  now += 3ms;
  answer("a");
  now += 17ms;
  answer("b");
  now += 400ms;
  answer("a thread");
  seconds(heartbeat, 1);
  EXPECT_EQ(heartbeat.actor_lag(), 20ms);
  answer("a");
  answer("b");
  seconds(heartbeat, 1);
  EXPECT_EQ(heartbeat.actor_lag(), 0us);
}

TEST_F(HeartbeatTest, CountsTheLagOfAnActorThatHasNotAnsweredYet) {
  auto a = subject("a");
  a.actor = true;
  Heartbeat heartbeat({a}, 10s, [](LogLevel, const std::string&) {});
  seconds(heartbeat, 4);
  EXPECT_EQ(heartbeat.actor_lag(), 3s);
  now += 5ms;
  answer("a");
  seconds(heartbeat, 1);
  EXPECT_EQ(heartbeat.actor_lag(), 3005ms);
}

TEST_F(HeartbeatTest, CountsNoLagOfAnActorThatIsNotThere) {
  auto a = subject("a");
  a.actor = true;
  Heartbeat heartbeat({a}, 10s, [](LogLevel, const std::string&) {});
  for (int n = 0; n < 5; ++n) {
    seconds(heartbeat, 1);
    mailboxes["a"].clear();
    EXPECT_EQ(heartbeat.actor_lag(), 0us);
  }
}

TEST_F(HeartbeatTest, OfNobodyIsWell) {
  const auto heartbeat = watch({});
  seconds(*heartbeat, 100);
  EXPECT_TRUE(heartbeat->alive());
}

}  // namespace
}  // namespace fulfilld
