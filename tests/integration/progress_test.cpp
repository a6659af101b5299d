// SPDX-License-Identifier: Apache-2.0
// What the platform hears of an execution before its result.
#include <algorithm>
#include <vector>

#include "tests/integration/fulfilld_test.hpp"

namespace fulfilld::integration {
namespace {

const std::string held = R"({"simulate":{"hold":true}})";

class Progress : public FulfilldTest {
 protected:
  Progress() {
    set("adapters", "directories", Json{FULFILLD_ADAPTERS, FULFILLD_TEST_ADAPTERS}.dump());
    set_text("actions.reporting", "adapter", "reporting");
    set_text("callback", "progress_interval", "10ms");
    set_text("callback", "rate", "none");
  }

  [[nodiscard]] static std::string report(int steps, int every_ms) {
    return Json{{"steps", steps}, {"every_ms", every_ms}}.dump();
  }

  void send_reporting(const Service& service, const std::string& id, const std::string& data) const {
    const auto reply = service.execute(execute_body(id, data), "reporting");
    ASSERT_EQ(reply.status, 202) << reply.body;
  }

  /// The `in-progress` callbacks of an execution so far.
  [[nodiscard]] std::vector<Json> reports_of(const std::string& id) const {
    std::vector<Json> reports;
    for (const auto& callback : simulator.callbacks(id))
      if (callback.value("result", "") == "in-progress") reports.push_back(callback);
    return reports;
  }

  [[nodiscard]] static Json content(const Json& callback) {
    return Json::parse(callback.at("body").get<std::string>()).at("result");
  }

  static double at(const Json& exchange) { return exchange.at("at_ms"); }
};

TEST_F(Progress, IsToldAtEachHeartbeatUntilThereIsAResult) {
  set_text("actions.default", "heartbeat", "100ms");
  const auto service = start();
  send(service, "e-1", held);
  ASSERT_TRUE(simulator.wait({{"progress", 8}}));
  simulator.release();
  EXPECT_EQ(taken_result("e-1").at("status"), "complete");
  const auto reports = reports_of("e-1");
  ASSERT_GE(reports.size(), 8U);
  EXPECT_TRUE(content(reports[0]).contains("reportedAt")) << reports[0];
  EXPECT_FALSE(content(reports[0]).contains("progress")) << "the adapter has reported nothing: " << reports[0];
  const auto apart = (at(reports.back()) - at(reports.front())) / static_cast<double>(reports.size() - 1);
  EXPECT_GE(apart, 90);
}

TEST_F(Progress, IsNotToldWithoutAHeartbeatOrAReport) {
  set_text("actions.beating", "heartbeat", "20ms");
  set_text("actions.beating.settings", "url", simulator.backend() + "/backend/beating");
  const auto service = start();
  send(service, "e-1", held);
  ASSERT_EQ(service.execute(execute_body("e-2", held), "beating").status, 202);
  ASSERT_TRUE(simulator.wait({{"progress", 5}}));
  simulator.release();
  EXPECT_EQ(taken_result("e-1").at("status"), "complete");
  EXPECT_TRUE(reports_of("e-1").empty());
}

TEST_F(Progress, IsTheNewestReportOnceInAnInterval) {
  constexpr int interval_ms = 300;
  set_text("callback", "progress_interval", std::to_string(interval_ms) + "ms");
  const auto service = start();
  send_reporting(service, "e-1", report(100, 10));
  EXPECT_EQ(taken_result("e-1").at("status"), "complete");
  const auto reports = reports_of("e-1");
  ASSERT_GE(reports.size(), 2U);
  EXPECT_EQ(content(reports[0]).at("progress"), Json::parse(R"({"step":1})")) << "the first goes at once";
  int step = 1;
  for (std::size_t i = 1; i < reports.size(); ++i) {
    EXPECT_GE(at(reports[i]) - at(reports[i - 1]), interval_ms - 50);
    const int next = content(reports[i]).at("progress").at("step");
    EXPECT_GT(next, step + 1) << "older ones are left out";
    step = next;
  }
}

TEST_F(Progress, IsNotToldAfterTheResult) {
  set_text("actions.default", "heartbeat", "20ms");
  const auto service = start();
  for (int i = 0; i < 10; ++i) send(service, "e-" + std::to_string(i), simulate(R"({"delay_ms":150})"));
  ASSERT_TRUE(simulator.wait({{"callbacks", 10}}));
  const int told = simulator.counts().at("progress");
  send(service, "later", held);
  ASSERT_TRUE(simulator.wait({{"progress", told + 10}}));
  simulator.release();
  EXPECT_EQ(taken_result("later").at("status"), "complete");
  for (int i = 0; i < 10; ++i) {
    const auto callbacks = simulator.callbacks("e-" + std::to_string(i));
    EXPECT_GT(callbacks.size(), 1U) << "there was progress";
    EXPECT_EQ(callbacks.back().at("result"), "complete");
  }
}

TEST_F(Progress, IsNotRepeatedAndCostsTheResultNothingWhenThePlatformRefusesIt) {
  set_text("actions.default", "heartbeat", "20ms");
  const auto service = start();
  send(service, "e-1", held, "status=404&times=3");
  ASSERT_TRUE(simulator.wait({{"callback_requests", 6}}));
  simulator.release();
  EXPECT_EQ(taken_result("e-1").at("status"), "complete");
}

TEST_F(Progress, WaitsBehindEveryResult) {
  set_text("callback", "rate", "2/s");
  set("callback", "burst", "1");
  set_text("actions.default", "heartbeat", "10ms");
  const auto service = start();
  for (int i = 0; i < 20; ++i) send(service, "held-" + std::to_string(i), held);
  ASSERT_TRUE(simulator.wait({{"progress", 2}}));
  EXPECT_EQ(result_of(service, "e-1").at("status"), "complete");

  const auto record = simulator.record();
  const auto& callbacks = record.at("callback");
  const auto is_ours = [](const Json& exchange) { return exchange.at("execution") == "e-1"; };
  const auto call = std::find_if(record.at("backend").begin(), record.at("backend").end(), is_ours);
  const auto result = std::find_if(callbacks.begin(), callbacks.end(), [&](const Json& callback) {
    return is_ours(callback) && callback.at("result") == "complete";
  });
  ASSERT_NE(result, callbacks.end());
  const auto decided = call->at("answered_ms").get<double>();
  const auto before =
      std::count_if(callbacks.begin(), result, [&](const Json& callback) { return at(callback) > decided; });
  EXPECT_LE(before, 1) << "the one that went while the outcome was written down";
  simulator.release();
}

}  // namespace
}  // namespace fulfilld::integration
