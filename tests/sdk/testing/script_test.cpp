// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <chrono>
#include <fulfill/testing/script.hpp>

namespace {

using namespace std::chrono_literals;
using fulfill::testing::RecordedCall;
using fulfill::testing::Script;

RecordedCall call_with(std::int64_t timeout_ms) {
  fulfill_request_v1 request{};
  request.size = sizeof request;
  request.method = fulfill::testing::detail::lend("GET");
  request.timeout_ms = timeout_ms;
  return RecordedCall(request);
}

TEST(Script, HasNoAnswerBeforeOneIsAdded) {
  Script script;
  EXPECT_EQ(script.next(), nullptr);
}

TEST(Script, ADelayHoldsForTheNextAnswerOnly) {
  Script script;
  script.after(200ms).answer(200).answer(200);
  EXPECT_EQ(script.next()->delay_for(call_with(0)), 200ms);
  EXPECT_EQ(script.next()->delay_for(call_with(0)), 0ms);
}

TEST(Script, ATimeoutTakesTheLimitOfTheAttempt) {
  Script script;
  script.timeout();
  EXPECT_EQ(script.next()->delay_for(call_with(700)), 700ms);
  EXPECT_EQ(script.next()->delay_for(call_with(0)), 10s);
}

TEST(Script, TheMessageOfAStatusHoldsTheBeginningOfTheBody) {
  Script script;
  script.answer(500, std::string(300, 'x'));
  EXPECT_EQ(script.next()->message(), "the backend answered 500: " + std::string(200, 'x'));
}

TEST(Script, TheMessageOfARedirectHoldsItsTarget) {
  Script script;
  script.answer(307, "", {{"Location", "https://www.shop.example/x?token=1"}});
  EXPECT_EQ(script.next()->message(), "the backend answered 307 to https://www.shop.example/x");
}

TEST(Script, NeverDoesNotCome) {
  Script script;
  script.never();
  EXPECT_FALSE(script.next()->comes());
}

}  // namespace
