// SPDX-License-Identifier: Apache-2.0
#include "actors/admission.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <utility>
#include <vector>

namespace fulfilld {
namespace {

using Answer = Admission::Answer;

TEST(Admission, AdmitsUpToItsBoundAndNoMore) {
  Admission admission(2);
  Admission::Place first, second, third;
  EXPECT_EQ(admission.try_enter(first), Answer::admitted);
  EXPECT_EQ(admission.try_enter(second), Answer::admitted);
  EXPECT_EQ(admission.try_enter(third), Answer::full);
  EXPECT_EQ(admission.in_flight(), 2u);
}

TEST(Admission, APlaceIsGivenBackOnce) {
  Admission admission(1);
  {
    Admission::Place place;
    ASSERT_EQ(admission.try_enter(place), Answer::admitted);
    Admission::Place moved = std::move(place);
    Admission::Place assigned;
    assigned = std::move(moved);
    EXPECT_EQ(admission.in_flight(), 1u);
  }
  EXPECT_EQ(admission.in_flight(), 0u);
  Admission::Place again;
  EXPECT_EQ(admission.try_enter(again), Answer::admitted);
}

TEST(Admission, ARefusalLeavesThePlaceAsItWas) {
  Admission admission(1);
  Admission::Place place;
  ASSERT_EQ(admission.try_enter(place), Answer::admitted);
  EXPECT_EQ(admission.try_enter(place), Answer::full);
  EXPECT_EQ(admission.in_flight(), 1u);
}

TEST(Admission, ABoundOfZeroAdmitsNobody) {
  Admission admission(0);
  Admission::Place place;
  EXPECT_EQ(admission.try_enter(place), Answer::full);
  EXPECT_EQ(admission.in_flight(), 0u);
}

TEST(Admission, OnceClosedNothingIsAdmittedButPlacesComeBack) {
  Admission admission(5);
  {
    Admission::Place before, after;
    ASSERT_EQ(admission.try_enter(before), Answer::admitted);
    admission.close();
    EXPECT_TRUE(admission.closed());
    EXPECT_EQ(admission.try_enter(after), Answer::closed);
    EXPECT_EQ(admission.in_flight(), 1u);
  }
  EXPECT_EQ(admission.in_flight(), 0u);
}

TEST(Admission, WhatAnEarlierProcessAcceptedCountsBeyondTheBound) {
  Admission admission(1);
  Admission::Place place;
  {
    const auto first = admission.enter();
    const auto second = admission.enter();
    EXPECT_EQ(admission.in_flight(), 2u);
    EXPECT_EQ(admission.try_enter(place), Answer::full);
  }
  EXPECT_EQ(admission.try_enter(place), Answer::admitted);
}

TEST(Admission, ManyThreadsNeverHoldMoreThanTheBound) {
  constexpr std::size_t bound = 3;
  Admission admission(bound);
  std::atomic<std::size_t> inside{0};
  std::atomic<std::size_t> most{0};
  std::atomic<std::size_t> admitted{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&] {
        for (int n = 0; n < 20000; ++n) {
          Admission::Place place;
          if (admission.try_enter(place) != Answer::admitted) continue;
          const auto now_inside = ++inside;
          for (auto seen = most.load(); seen < now_inside && !most.compare_exchange_weak(seen, now_inside);) {
          }
          ++admitted;
          --inside;
        }
      });
    }
  }
  EXPECT_LE(most.load(), bound);
  EXPECT_GT(admitted.load(), 0u);
  EXPECT_EQ(admission.in_flight(), 0u);
}

}  // namespace
}  // namespace fulfilld
