// SPDX-License-Identifier: Apache-2.0
// What a running execution tells the platform.
#include <gmock/gmock.h>

#include "tests/actors/fulfillment_fixture.hpp"

namespace fulfilld::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class ReportingTest : public FulfillmentTest {
 protected:
  ReportingTest() {
    Routes routes;
    routes.limiter = routes_->limiter;
    routes.callbacks = keep(spawn_callback_lane_double(system_, lane_));
    routes_ = std::make_shared<const Routes>(std::move(routes));
  }

  Inbox lane_;
};

TEST_F(ReportingTest, WhatTheAdapterReportsGoesToTheCallbackLane) {
  adapter_->on_start = [](AdapterHost& host) {
    host.progress(R"({"done":1})");
    host.http(call_to("backend.test"));
  };
  start();
  ASSERT_EQ(lane_.progress.size(), 1u);
  EXPECT_EQ(lane_.progress[0]->execution->id, "execution-1");
  EXPECT_THAT(lane_.progress[0]->body,
              HasSubstr(R"({"status":"in-progress","result":{"progress":{"done":1},"reportedAt":")"));
}

TEST_F(ReportingTest, AHeartbeatRepeatsTheLastReportUntilTheOutcome) {
  action_.heartbeat = 10s;
  adapter_->on_start = [](AdapterHost& host) { host.http(call_to("backend.test")); };
  start();
  advance(10s);
  ASSERT_EQ(lane_.progress.size(), 1u);
  EXPECT_THAT(lane_.progress[0]->body, Not(HasSubstr("progress\":")));
  advance(20s);
  EXPECT_EQ(lane_.progress.size(), 3u);
  answer(status(200, "1"));
  expect_outcome(Reason::none, "1");
  advance(1min);
  EXPECT_EQ(lane_.progress.size(), 3u);
}

TEST_F(ReportingTest, WhatIsReportedAfterTheResultIsNot) {
  adapter_->on_start = [](AdapterHost& host) {
    host.complete("1");
    host.progress("2");
  };
  start();
  EXPECT_TRUE(lane_.progress.empty());
}

}  // namespace
}  // namespace fulfilld::test
