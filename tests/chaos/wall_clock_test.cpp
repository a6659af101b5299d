// SPDX-License-Identifier: Apache-2.0
// The wall clock jumps by an hour, forth and back, under load.
#include <chrono>
#include <ctime>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/chaos/in_time_test.hpp"
#include "tests/chaos/shifted_clock.hpp"

namespace fulfilld::chaos {
namespace {

using namespace std::chrono_literals;

class WallClock : public InTimeTest {
 protected:
  WallClock() {
    set_text("actions.default", "deadline", "5s");
    set("targets.default", "breaker.enabled", "false");
    set_text("actions.hanging", "deadline", "2s");
    set_text("actions.hanging", "retry.attempt_timeout", "2s");
    set_text("actions.hanging.settings", "url", hanging.backend() + "/backend/hanging");
    hanging.configure({{"backend", {{"faults", {{{"cut", "hang"}}}}}}});
    // Shorter than the jumps: it must be kept all the same.
    simulator.configure({{"token", {{"expires_in", 1800}}}});
  }

  integration::SimulatorClient hanging{FULFILLD_SIMULATOR};
  const ShiftedClock clock{directory.path() / "clock"};

  [[nodiscard]] std::unique_ptr<Service> start_on_it() const {
    auto command = this->command();
    clock.put_under(command);
    return std::make_unique<Service>(command);
  }

  /// Executions that are quick, that are slow, and that have to wait for a Retry-After.
  [[nodiscard]] std::vector<Order> draw(int count) const {
    std::vector<Order> drawn;
    for (int i = 0; i < count; ++i) {
      const auto id = std::to_string(i);
      drawn.push_back(order("quick-" + id, "default", ""));
      drawn.push_back(order("slow-" + id, "default", R"({"delay_ms":700})"));
      // Few enough to be no reason to call the backend less often.
      if (i % 10 == 0) drawn.push_back(order("waits-" + id, "default", R"({"status":503,"retry_after":1,"times":1})"));
    }
    return drawn;
  }

  /// From the answer 202 until the result was at the platform, in ms.
  [[nodiscard]] static std::vector<double> durations(const std::vector<Dispatch>& sent,
                                                     const std::map<std::string, Seen>& results) {
    std::vector<double> durations;
    for (const auto& execution : sent)
      if (const auto result = results.find(execution.id); result != results.end())
        durations.push_back(in_ms(result->second.at - execution.answered));
    return durations;
  }

  /// Executions that called again before the time that the backend had named, or not at all.
  [[nodiscard]] static std::size_t hurried(const SimulatorRecord& record) {
    std::size_t count = 0;
    for (const auto& [id, calls] : record.calls_by_execution())
      if (id.starts_with("waits-") && (calls.size() != 2 || calls[1].at < *calls[0].answered + 1s)) ++count;
    return count;
  }

  /// Results whose date is an hour from now, give or take some minutes.
  [[nodiscard]] static std::size_t wrong_dates(const std::map<std::string, Seen>& results) {
    std::size_t count = 0;
    for (const auto& [id, result] : results) {
      const auto content = Json::parse(result.body).at("result");
      const auto date = content.value("processedAt", content.value("failedAt", ""));
      std::tm parts{};
      strptime(date.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
      const auto distance = std::chrono::system_clock::from_time_t(timegm(&parts)) - std::chrono::system_clock::now();
      if (distance > 50min || distance < -50min) ++count;
    }
    return count;
  }
};

TEST_F(WallClock, MayJumpAndOnlyDatesChange) {
  Figures figures("wall clock jumps by an hour");
  const auto service = start_on_it();
  const int jumps = times(6, 80);
  auto load =
      std::async(std::launch::async, [&] { return send_at_rate(service->port(), draw(times(180, 1900)), 100); });
  auto hopeless = std::async(
      std::launch::async, [&] { return send_at_rate(service->port(), orders("hangs", times(12, 120), "hanging"), 3); });
  ASSERT_TRUE(simulator.wait({{"callbacks", 5}}));
  for (int jump = 0; jump < jumps; ++jump) {
    clock.jump_to(jump % 2 == 0 ? 1h : -1h);
    std::this_thread::sleep_for(500ms);
  }
  const auto sent = load.get();
  const auto hung = hopeless.get();
  wait_for_results(count_accepted(sent) + count_accepted(hung));

  const SimulatorRecord record(simulator);
  const auto taken = record.results();
  const auto results = results_of(sent);
  const auto of_hung = results_of(hung);
  const auto took = durations(sent, taken);
  const auto hung_for = durations(hung, taken);
  const auto counts = simulator.counts();
  figures.add(static_cast<std::uint64_t>(jumps), "jumps");
  figures.add(results.complete, "complete");
  figures.add(results.failures(), "failed");
  figures.add_decimal(quantile(took, 1), "ms at most");
  figures.add(hung.size(), "that can only fail");
  figures.add_decimal(quantile(hung_for, 0), "ms at least until they did");
  figures.add_decimal(quantile(hung_for, 1), "at most");
  figures.add(hurried(record), "called before their time");
  figures.add(counts.at("token_requests"), "token requests");
  figures.add(wrong_dates(taken), "dates that are an hour wrong");
  figures.print();

  expect_all_accepted(sent);
  expect_all_accepted(hung);
  expect_one_result_each(results);
  expect_one_result_each(of_hung);
  EXPECT_EQ(results.failures(), 0U) << results.reasons();
  EXPECT_EQ(of_hung.complete, 0U);
  EXPECT_LT(quantile(took, 1), 4500);
  EXPECT_GE(quantile(hung_for, 0), 1700);
  EXPECT_LT(quantile(hung_for, 1), 3000);
  EXPECT_EQ(hurried(record), 0U);
  EXPECT_EQ(counts.at("callback_requests"), sent.size() + hung.size()) << "no storm";
  EXPECT_EQ(counts.at("token_requests"), 1);
  EXPECT_GT(wrong_dates(taken), 0U) << "the jumps were not felt";
}

}  // namespace
}  // namespace fulfilld::chaos
