// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/accept_ticket.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace fulfilld::journal {
namespace {

using namespace std::chrono_literals;

TEST(AcceptTicket, GivesUpAtItsLimit) {
  AcceptTicket ticket(nullptr);
  EXPECT_FALSE(ticket.wait_for(1ms));
}

TEST(AcceptTicket, IsTakenByOneSideOnly) {
  AcceptTicket ticket(nullptr);
  EXPECT_TRUE(ticket.claim());
  EXPECT_FALSE(ticket.claim());
}

TEST(AcceptTicket, HandsOverEachOfManyAnswers) {
  constexpr int count = 20000;
  std::vector<AcceptTicketPtr> tickets;
  for (int i = 0; i < count; ++i) tickets.push_back(std::make_shared<AcceptTicket>(nullptr));
  std::thread writer([&] {
    for (int i = 0; i < count; ++i) tickets[i]->answer({AcceptAnswer::Status::accepted, std::to_string(i)});
  });
  for (int i = 0; i < count; ++i) {
    ASSERT_TRUE(tickets[i]->wait_for(20s));
    ASSERT_EQ(tickets[i]->take_answer().execution_id, std::to_string(i));
  }
  writer.join();
}

}  // namespace
}  // namespace fulfilld::journal
