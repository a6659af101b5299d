// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/waiting_line.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace fulfilld {
namespace {

using namespace std::chrono_literals;

constexpr MonotonicTime start{1h};

TEST(WaitingLine, ServesInTheOrderOfComing) {
  WaitingLine<int> line({.guests = 3, .patience = 5s});
  EXPECT_TRUE(line.empty());
  line.join(1, start);
  line.join(2, start + 1s);
  EXPECT_EQ(line.size(), 2u);
  EXPECT_EQ(line.next(), 1);
  EXPECT_EQ(line.next(), 2);
  EXPECT_TRUE(line.empty());
}

TEST(WaitingLine, LetsOneThatIsWantedGoFirst) {
  WaitingLine<int> line({.guests = 3, .patience = 5s});
  for (const int guest : {1, 2, 3}) line.join(guest, start);
  EXPECT_EQ(line.take([](int guest) { return guest == 2; }), 2);
  EXPECT_EQ(line.take([](int guest) { return guest == 2; }), std::nullopt);
  EXPECT_EQ(line.next(), 1);
  EXPECT_EQ(line.next(), 3);
}

TEST(WaitingLine, IsFullAtItsBound) {
  WaitingLine<int> line({.guests = 2, .patience = 5s});
  line.join(1, start);
  EXPECT_FALSE(line.full());
  line.join(2, start);
  EXPECT_TRUE(line.full());
}

TEST(WaitingLine, GivesUpOnThoseWhoHaveWaitedForTooLong) {
  WaitingLine<int> line({.guests = 3, .patience = 5s});
  EXPECT_FALSE(line.next_due());
  line.join(1, start);
  line.join(2, start + 1s);
  EXPECT_EQ(line.next_due(), start + 5s);
  EXPECT_FALSE(line.next_overdue(start + 4999ms));
  EXPECT_EQ(line.next_overdue(start + 5s), 1);
  EXPECT_FALSE(line.next_overdue(start + 5s));
  EXPECT_EQ(line.next_due(), start + 6s);
}

TEST(WaitingLine, TakesGuestsThatCannotBeCopied) {
  WaitingLine<std::unique_ptr<int>> line({});
  line.join(std::make_unique<int>(7), start);
  EXPECT_EQ(*line.next(), 7);
}

}  // namespace
}  // namespace fulfilld
