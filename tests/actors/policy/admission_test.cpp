// SPDX-License-Identifier: Apache-2.0
#include "actors/admission.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "actors/execution.hpp"
#include "tests/actors/doubles/fake_clock.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class AdmissionTest : public testing::Test {
 protected:
  [[nodiscard]] static std::vector<Admission::Place> fill(Admission& admission, std::size_t count,
                                                          std::size_t bytes = 1) {
    std::vector<Admission::Place> places(count);
    for (auto& place : places) EXPECT_FALSE(admission.try_enter("crm", bytes, place));
    return places;
  }

  static Refusal refusal(Admission& admission, std::size_t bytes = 1) {
    Admission::Place place;
    return admission.try_enter("crm", bytes, place).value_or(Refusal{Reason::none, 0s, "admitted"});
  }

  void pass(std::chrono::milliseconds time) { clock_.move_to(clock_.now() + time); }

  test::FakeClock clock_;
};

TEST_F(AdmissionTest, AdmitsUpToItsBoundAndNoMore) {
  Admission admission({.executions = 2}, {}, clock_);
  const auto places = fill(admission, 2);
  const auto refused = refusal(admission);
  EXPECT_EQ(refused.reason, Reason::overloaded);
  EXPECT_EQ(refused.detail, "2 executions are in flight, and limits.max_in_flight is 2");
  EXPECT_EQ(admission.in_flight(), 2u);
}

TEST_F(AdmissionTest, AdmitsNoMoreThanCanBeDelivered) {
  Admission admission({.executions = 3, .deliverable = 2}, {}, clock_);
  const auto places = fill(admission, 2);
  EXPECT_EQ(refusal(admission).detail,
            "2 executions are in flight, and callback.rate delivers 2 within callback.lifetime");
}

TEST_F(AdmissionTest, AdmitsNoMoreBytesThanItsBound) {
  Admission admission({.bytes = 100}, {}, clock_);
  auto places = fill(admission, 2, 40);
  const auto refused = refusal(admission, 21);
  EXPECT_EQ(refused.reason, Reason::overloaded);
  EXPECT_EQ(refused.detail,
            "The executions in flight hold 80 bytes, this one would take 21, and limits.max_bytes is 100");
  EXPECT_EQ(refusal(admission, 20).detail, "admitted");
  EXPECT_EQ(refusal(admission, static_cast<std::size_t>(-1)).reason, Reason::overloaded);
  places.pop_back();
  EXPECT_EQ(admission.bytes(), 40u);
}

TEST_F(AdmissionTest, CountsTheOutcomeFromWhenItIsKnown) {
  Admission admission({}, {{"crm", 1min}}, clock_);
  {
    const auto places = fill(admission, 1, 40);
    places[0].decided(Reason::none, 500);
    EXPECT_EQ(admission.bytes(), 540u);
    places[0].decided(Reason::none, 500);
    EXPECT_EQ(admission.bytes(), 540u) << "the first time counts";
  }
  EXPECT_EQ(admission.bytes(), 0u);
}

TEST_F(AdmissionTest, APlaceIsGivenBackOnce) {
  Admission admission({.executions = 1}, {{"crm", 1min}}, clock_);
  {
    Admission::Place place;
    ASSERT_FALSE(admission.try_enter("crm", 7, place));
    Admission::Place moved = std::move(place);
    Admission::Place assigned;
    assigned = std::move(moved);
    EXPECT_EQ(admission.in_flight(), 1u);
    EXPECT_EQ(admission.bytes(), 7u);
  }
  EXPECT_EQ(admission.in_flight(), 0u);
  EXPECT_EQ(admission.bytes(), 0u);
  EXPECT_EQ(refusal(admission).detail, "admitted");
}

TEST_F(AdmissionTest, AnEmptyPlaceIsNothing) {
  const Admission::Place place;
  place.decided(Reason::none, 1);
}

TEST_F(AdmissionTest, ARefusalLeavesThePlaceAsItWas) {
  Admission admission({.executions = 1}, {}, clock_);
  Admission::Place place;
  ASSERT_FALSE(admission.try_enter("crm", 1, place));
  EXPECT_TRUE(admission.try_enter("crm", 1, place));
  EXPECT_EQ(admission.in_flight(), 1u);
}

TEST_F(AdmissionTest, ABoundOfZeroAdmitsNobody) {
  Admission admission({.executions = 0}, {}, clock_);
  EXPECT_EQ(refusal(admission).reason, Reason::overloaded);
  EXPECT_EQ(admission.in_flight(), 0u);
}

TEST_F(AdmissionTest, OnceClosedNothingIsAdmittedButPlacesComeBack) {
  Admission admission({}, {}, clock_);
  {
    const auto before = fill(admission, 1);
    admission.close();
    EXPECT_TRUE(admission.closed());
    EXPECT_EQ(refusal(admission).reason, Reason::shutting_down);
    EXPECT_EQ(refusal(admission).retry_after, 10s);
    EXPECT_EQ(admission.in_flight(), 1u);
  }
  EXPECT_EQ(admission.in_flight(), 0u);
}

TEST_F(AdmissionTest, WhatAnEarlierProcessAcceptedCountsBeyondTheBounds) {
  Admission admission({.executions = 1, .bytes = 10}, {{"crm", 1min}}, clock_);
  {
    const auto to_run = admission.enter("crm", 30);
    const auto of_a_forgotten_action = admission.enter("gone", 30);
    const auto to_deliver = admission.enter_decided(30);
    of_a_forgotten_action.decided(Reason::unknown_action);
    to_deliver.decided(Reason::none);
    EXPECT_EQ(admission.in_flight(), 3u);
    EXPECT_EQ(admission.bytes(), 90u);
    EXPECT_EQ(refusal(admission).reason, Reason::overloaded);
  }
  EXPECT_EQ(refusal(admission).detail, "admitted");
}

TEST_F(AdmissionTest, TellsWhenAPlaceWillBeFree) {
  Admission admission({.executions = 10}, {}, clock_);
  auto places = fill(admission, 10);
  EXPECT_EQ(refusal(admission).retry_after, 1s) << "nothing is known";
  std::vector<Admission::Place> recovered;
  for (int i = 0; i < 7; ++i) recovered.push_back(admission.enter("crm", 1));
  for (int second = 0; second < 6; ++second) {
    pass(1s);
    if (second % 2 == 1) places.pop_back();
    EXPECT_EQ(refusal(admission).reason, Reason::overloaded);
  }
  EXPECT_EQ(refusal(admission).retry_after, 10s) << "5 too many, and one more each two seconds";
}

TEST_F(AdmissionTest, TellsWhenThereWillBeRoomForTheBytes) {
  Admission admission({.bytes = 1000}, {}, clock_);
  auto places = fill(admission, 10, 100);
  for (int second = 0; second < 6; ++second) {
    EXPECT_EQ(refusal(admission, 900).retry_after, second < 5 ? 1s : 6s);
    pass(1s);
    places[static_cast<std::size_t>(second)] = admission.enter("crm", 30);
  }
  EXPECT_EQ(refusal(admission, 900).retry_after, 5s) << "480 are missing, and 100 a second come back";
}

TEST_F(AdmissionTest, SendsNobodyAwayForMoreThanAMinute) {
  Admission admission({.executions = 1}, {}, clock_);
  const auto places = fill(admission, 1);
  for (int second = 0; second < 6; ++second) {
    static_cast<void>(refusal(admission));
    pass(1s);
  }
  EXPECT_EQ(refusal(admission).retry_after, 60s) << "nothing has come back";
}

TEST_F(AdmissionTest, RefusesWhatTheBackendCouldNotServeBeforeTheDeadline) {
  Admission admission({}, {{"crm", 1min}, {"other", 1min}}, clock_);
  auto places = fill(admission, 1000);
  for (int i = 0; i < 60; ++i) {
    pass(500ms);
    places[static_cast<std::size_t>(i)].decided(Reason::none);
  }
  const auto refused = refusal(admission);
  EXPECT_EQ(refused.reason, Reason::backlog_too_long);
  EXPECT_THAT(refused.detail, HasSubstr("940 executions of this action wait, and 2."));
  EXPECT_EQ(refused.retry_after, 60s);
  Admission::Place place;
  EXPECT_FALSE(admission.try_enter("other", 1, place)) << "another backend";
  EXPECT_FALSE(admission.try_enter("of no deadline", 1, place));
}

TEST_F(AdmissionTest, TakesNoExecutionThatWasNotAcceptedForServed) {
  Admission admission({}, {{"crm", 1min}}, clock_);
  const auto waiting = fill(admission, 200);
  for (int i = 0; i < 60; ++i) {
    pass(500ms);
    EXPECT_EQ(refusal(admission).detail, "admitted") << "nothing has left: nothing is known";
  }
  for (std::size_t i = 0; i < 25; ++i) waiting[i].decided(Reason::deadline);
  EXPECT_EQ(refusal(admission).reason, Reason::backlog_too_long) << "25 have left, and none was served";
  EXPECT_EQ(refusal(admission).retry_after, 60s);
}

TEST_F(AdmissionTest, TakesNoMoreThanCanWaitForTheTargetsOfAnAction) {
  BackendBounds backends;
  backends.targets["https://crm"] = {.at_once = 40, .waiting = 20};
  Admission admission({}, {{"crm", 1min}, {"other", 1min}}, clock_, backends);
  auto places = fill(admission, 60);
  EXPECT_EQ(refusal(admission).reason, Reason::overloaded) << "it may turn out to call that one";
  places[0].calls("https://elsewhere");
  EXPECT_EQ(refusal(admission).detail, "admitted");
  places[0].calls("https://crm");
  EXPECT_EQ(refusal(admission).detail,
            "60 executions are in flight for the backend of this action, which may have 40 calls under way and 20 "
            "waiting");
  EXPECT_EQ(refusal(admission).retry_after, 1s);
  places.pop_back();
  EXPECT_EQ(refusal(admission).detail, "admitted");
  Admission::Place other;
  ASSERT_FALSE(admission.try_enter("other", 1, other));
  other.calls("https://crm");
  EXPECT_EQ(refusal(admission).reason, Reason::overloaded) << "the other one stands in the same line";
  other.decided(Reason::none);
  EXPECT_EQ(refusal(admission).detail, "admitted");
}

TEST_F(AdmissionTest, TakesNoMoreThanCanWaitForTheThreadsOfAnAction) {
  BackendBounds backends;
  backends.work["crm"] = {.at_once = 2, .waiting = 1};
  Admission admission({}, {{"crm", 1min}}, clock_, backends);
  const auto places = fill(admission, 3);
  EXPECT_EQ(refusal(admission).detail, "admitted") << "nobody knows that it blocks";
  places[0].works();
  EXPECT_EQ(refusal(admission).reason, Reason::overloaded);
}

TEST_F(AdmissionTest, DoesNotBelieveInABackendThatHasNotAnswered) {
  BackendBounds backends;
  backends.other_targets.at_once = 100;
  Admission admission({}, {{"crm", 1min}}, clock_, backends);
  auto places = fill(admission, 2700);
  const auto refused = refusal(admission);
  EXPECT_EQ(refused.reason, Reason::backlog_too_long);
  EXPECT_EQ(refused.retry_after, 1s);
  EXPECT_EQ(refused.detail,
            "2700 executions of this action wait, and as far as has been seen no more than 100.0 a second can be "
            "served");
  for (const auto& place : places) place.calls("https://crm");
  pass(200ms);
  for (std::size_t i = 0; i < 100; ++i) places[i].decided(Reason::none);
  EXPECT_EQ(refusal(admission).detail, "admitted") << "500 a second";
}

TEST_F(AdmissionTest, LearnsNothingOfABackendFromWhatDidNotCallIt) {
  BackendBounds backends;
  backends.other_targets.at_once = 100;
  Admission admission({}, {{"crm", 1min}}, clock_, backends);
  auto places = fill(admission, 2700);
  places[0].calls("https://crm");
  pass(200ms);
  for (std::size_t i = 1; i < 101; ++i) places[i].decided(Reason::adapter_failed);
  places.resize(0);
  places = fill(admission, 2700);
  pass(200ms);
  for (std::size_t i = 0; i < 200; ++i) places[i].decided(Reason::adapter_failed);
  places.erase(places.begin(), places.begin() + 200);
  const auto more = fill(admission, 200);
  EXPECT_EQ(refusal(admission).reason, Reason::backlog_too_long);
}

TEST_F(AdmissionTest, WhileItIsHeldNothingIsAdmitted) {
  Admission admission({}, {}, clock_);
  admission.hold("No thread is free", 12s);
  EXPECT_TRUE(admission.held());
  EXPECT_EQ(refusal(admission).reason, Reason::overloaded);
  EXPECT_EQ(refusal(admission).retry_after, 12s);
  EXPECT_EQ(refusal(admission).detail, "No thread is free");
  const auto recovered = admission.enter("crm", 1);
  admission.go_on();
  EXPECT_EQ(refusal(admission).detail, "admitted");
}

TEST_F(AdmissionTest, CountsTheBytesOfAllTextOfAnExecution) {
  Execution execution;
  const auto empty = footprint(execution);
  EXPECT_GE(empty, sizeof(Execution));
  for (auto* text : {&execution.id, &execution.action, &execution.fulfillment_token, &execution.data,
                     &execution.correlation_id, &execution.idempotency_key, &execution.fulfillment_url.text})
    *text = std::string(1000, 'x');
  EXPECT_EQ(footprint(execution), empty + 7000);
}

TEST_F(AdmissionTest, ManyThreadsNeverHoldMoreThanTheBound) {
  constexpr std::size_t bound = 3;
  Admission admission({.executions = bound}, {{"crm", 1min}}, clock_);
  std::atomic<std::size_t> inside{0};
  std::atomic<std::size_t> most{0};
  std::atomic<std::size_t> admitted{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&] {
        for (int n = 0; n < 20000; ++n) {
          Admission::Place place;
          if (admission.try_enter("crm", 5, place)) continue;
          const auto now_inside = ++inside;
          for (auto seen = most.load(); seen < now_inside && !most.compare_exchange_weak(seen, now_inside);) {
          }
          place.decided(Reason::none, 5);
          ++admitted;
          --inside;
        }
      });
    }
  }
  EXPECT_LE(most.load(), bound);
  EXPECT_GT(admitted.load(), 0u);
  EXPECT_EQ(admission.in_flight(), 0u);
  EXPECT_EQ(admission.bytes(), 0u);
}

}  // namespace
}  // namespace fulfilld
