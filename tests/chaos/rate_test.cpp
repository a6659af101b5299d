// SPDX-License-Identifier: Apache-2.0
// A backend that may be called so many times a second, and far more to do than that.
#include <algorithm>
#include <chrono>
#include <deque>

#include "tests/chaos/in_time_test.hpp"

namespace fulfilld::chaos {
namespace {

using namespace std::chrono_literals;

constexpr int per_second = 50;

/// The most calls that came within any second.
std::size_t most_in_a_second(const std::vector<Seen>& calls) {
  std::size_t most = 0;
  std::deque<TimePoint> second;
  for (const auto& call : calls) {
    second.push_back(call.at);
    while (second.front() <= call.at - 1s) second.pop_front();
    most = std::max(most, second.size());
  }
  return most;
}

TEST_F(InTimeTest, NoSecondHasMoreCallsThanTheRateOfTheTarget) {
  Figures figures("rate 50/s, burst 1");
  set_text("targets.default", "rate", std::to_string(per_second) + "/s");
  set("targets.default", "burst", "1");
  set_text("actions.default", "deadline", "10m");
  const auto service = start();
  const auto count = static_cast<std::size_t>(per_second * times(4, 60));
  const auto sent = send_at_once(service.port(), orders("e", static_cast<int>(count)));
  wait_for_results(count);

  const SimulatorRecord record(simulator);
  const auto& calls = record.backend();
  ASSERT_EQ(calls.size(), count);
  const auto most = most_in_a_second(calls);
  const std::chrono::duration<double> whole = calls.back().at - calls.front().at;
  const auto rate = static_cast<double>(count - 1) / whole.count();
  figures.add(count, "calls");
  figures.add(most, "in the fullest second");
  figures.add_decimal(rate, "a second on average");
  figures.print();
  // A call that is late for lack of a processor stands nearer to the next one: here with the other tests, or alone.
  EXPECT_LE(most, static_cast<std::size_t>(times(per_second + 10, per_second + 1)));
  EXPECT_LE(rate, per_second * 1.01);
  EXPECT_GE(rate, times(45, 48));
  EXPECT_EQ(results_of(sent).complete, count);
}

}  // namespace
}  // namespace fulfilld::chaos
