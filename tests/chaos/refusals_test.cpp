// SPDX-License-Identifier: Apache-2.0
// Backends that refuse with a Retry-After: all of the time for a while, or now and then.
#include <algorithm>
#include <thread>
#include <vector>

#include "tests/chaos/in_time_test.hpp"

namespace fulfilld::chaos {
namespace {

using namespace std::chrono_literals;

// What a call that was sent before the service had read the answer of another may need to arrive.
constexpr auto on_its_way = 250ms;
constexpr int executions = 1000;

class Refusals : public InTimeTest {
 protected:
  Refusals() {
    set("actions.default", "retry.attempts", "20");
    set_text("actions.default", "deadline", "2m");
  }

  void expect_all_complete(const std::vector<Dispatch>& sent) const {
    expect_all_accepted(sent);
    const auto results = results_of(sent);
    expect_one_result_each(results);
    EXPECT_EQ(results.complete, sent.size()) << results.reasons();
  }

  /// Calls that came before the time that an answer to the same execution had named.
  [[nodiscard]] static std::size_t hurried(const SimulatorRecord& record, std::chrono::milliseconds retry_after) {
    std::size_t count = 0;
    for (const auto& [id, calls] : record.calls_by_execution())
      for (std::size_t i = 1; i < calls.size(); ++i)
        if (calls[i - 1].status == 429 && calls[i].at < *calls[i - 1].answered + retry_after) ++count;
    return count;
  }
};

TEST_F(Refusals, OfEverythingCloseTheTargetUntilTheTimeThatItNames) {
  constexpr auto retry_after = 3s;
  Figures figures("refuses everything, Retry-After 3");
  simulator.configure({{"backend", {{"faults", {{{"status", 429}, {"retry_after", "3"}, {"delay_ms", 20}}}}}}});
  const auto service = start();
  const auto sent = send_at_once(service.port(), orders("e", executions));
  ASSERT_TRUE(simulator.wait({{"backend_calls", 5}}));
  // It refuses until shortly before the first call may come again; that one is slow enough to be seen as a single one.
  std::this_thread::sleep_for(retry_after - 500ms);
  simulator.configure({{"backend", {{"faults", {{{"delay_ms", 50}}}}}}});
  wait_for_results(executions);

  const SimulatorRecord record(simulator);
  auto calls = record.backend();
  const auto refused = static_cast<std::size_t>(
      std::count_if(calls.begin(), calls.end(), [](const Seen& call) { return call.status == 429; }));
  ASSERT_GE(refused, 5U);
  auto answers = calls;
  answers.resize(refused);
  std::sort(answers.begin(), answers.end(), [](const Seen& a, const Seen& b) { return a.answered < b.answered; });
  // Five refusals in a row are a rule.
  const auto closed = *answers[4].answered;
  const auto reopens = *answers[0].answered + retry_after;
  const auto inside = std::count_if(
      calls.begin(), calls.end(), [&](const Seen& call) { return call.at > closed + on_its_way && call.at < reopens; });
  const auto& probe = calls.at(refused);
  const auto& next = calls.at(refused + 1);
  figures.add(executions, "executions");
  figures.add(refused, "calls before it closed");
  figures.add(static_cast<std::uint64_t>(inside), "calls inside the window");
  figures.add_decimal(in_ms(probe.at - *answers.back().answered), "ms from the last refusal to the probe");
  figures.print();

  EXPECT_EQ(inside, 0);
  EXPECT_LE(refused, 105U) << "no more than may be in flight at once, and those that took the first five's places";
  EXPECT_EQ(hurried(record, retry_after), 0U);
  EXPECT_GE(probe.at, reopens);
  EXPECT_GE(next.at, *probe.answered) << "one probe";
  expect_all_complete(sent);
}

TEST_F(Refusals, NowAndThenDoNotStopTheTarget) {
  const int seconds = times(1, 4);
  const std::chrono::seconds retry_after(seconds);
  Figures figures("refuses 5 % at random, Retry-After " + std::to_string(seconds));
  set("targets.default", "connections", "20");
  const int backend_ms = times(80, 320);
  const Json works{{"delay_ms", backend_ms}};
  const auto service = start();

  const auto run = [&](const std::string& name, const Json& faults, std::size_t done) {
    simulator.configure({{"backend", {{"faults", faults}}}});
    const auto begin = std::chrono::steady_clock::now();
    const auto sent = send_at_once(service.port(), orders(name, executions));
    wait_for_results(done);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    expect_all_complete(sent);
    return took.count();
  };
  const auto without = run("without", Json::array({works}), executions);
  const auto with = run(
      "with", Json::array({{{"status", 429}, {"retry_after", seconds}, {"probability", 0.05}}, works}), 2 * executions);

  const SimulatorRecord record(simulator);
  const auto refused = std::count_if(record.backend().begin(), record.backend().end(),
                                     [](const Seen& call) { return call.status == 429; });
  figures.add(executions, "executions");
  figures.add(static_cast<std::uint64_t>(refused), "refused calls");
  figures.add(hurried(record, retry_after), "calls before their time");
  figures.add_decimal(without, "s without refusals");
  figures.add_decimal(with, "s with them");
  figures.print();
  EXPECT_GT(refused, 20);
  EXPECT_EQ(hurried(record, retry_after), 0U);
  EXPECT_LE(with, 1.5 * without + static_cast<double>(seconds));
}

}  // namespace
}  // namespace fulfilld::chaos
