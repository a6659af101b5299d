// SPDX-License-Identifier: Apache-2.0
// The platform answers every second callback wrongly.
#include <vector>

#include "tests/chaos/in_time_test.hpp"

namespace fulfilld::chaos {
namespace {

class FaultyPlatform : public InTimeTest {
 protected:
  FaultyPlatform() {
    // The first that applies is the fault, so each share is of what the ones before it have left over.
    const Json unavailable{{"status", 503}, {"probability", 0.2}};
    const Json too_many{{"status", 429}, {"retry_after", "1"}, {"probability", 0.1 / 0.8}};
    const Json cut_before{{"cut", "reset"}, {"after", "nothing"}, {"probability", 0.07 / 0.7}};
    const Json cut_after{{"cut", "close"}, {"after", "nothing"}, {"taken", true}, {"probability", 0.07 / 0.63}};
    const Json cut_within{{"cut", "reset"}, {"after", "half"}, {"probability", 0.06 / 0.56}};
    simulator.configure(
        {{"callback", {{"faults", {unavailable, too_many, cut_before, cut_after, cut_within}}}},
         {"backend", {{"faults", {{{"path", "/backend/failing"}, {"status", 400}, {"probability", 0.5}}}}}}});
    set_text("actions.failing.settings", "url", simulator.backend() + "/backend/failing");
  }
};

TEST_F(FaultyPlatform, GetsOneResultOfEachExecutionAndNeverTwoKinds) {
  Figures figures("platform: 20 % 503, 10 % 429, 20 % cut off");
  const int half = times(150, 2500);
  const auto service = start();
  const auto well = send_at_rate(service.port(), orders("e", half), 200);
  const auto failing = send_at_rate(service.port(), orders("f", half, "failing"), 200);
  wait_for_results(count_accepted(well) + count_accepted(failing));
  EXPECT_TRUE(service.logged("delivered"));

  // What the backend did is known by its answer.
  const auto calls = SimulatorRecord(simulator).calls_by_execution();
  const auto results = results_of(well);
  const auto of_failing = results_of(failing);
  std::size_t succeeded = half;
  for (const auto& execution : failing) succeeded += calls.at(execution.id).back().status == 200 ? 1 : 0;
  const auto counts = simulator.counts();
  figures.add(well.size() + failing.size(), "executions");
  figures.add(results.missing.size() + of_failing.missing.size(), "lost");
  figures.add(results.failures(), "failed though the backend call succeeded");
  figures.add(counts.at("callback_requests"), "callbacks");
  figures.add(counts.at("callback_duplicates"), "duplicates");
  figures.add(counts.at("callback_contradictions"), "contradictions");
  figures.print();

  expect_all_accepted(well);
  expect_all_accepted(failing);
  expect_one_result_each(results);
  expect_one_result_each(of_failing);
  EXPECT_EQ(results.failures(), 0U) << results.reasons();
  EXPECT_EQ(results.complete + of_failing.complete, succeeded);
  EXPECT_EQ(counts.at("callback_contradictions"), 0);
  const auto outcomes = simulator.outcomes();
  for (const auto& [id, outcome] : outcomes.items())
    EXPECT_TRUE(outcome.at("complete") == 0 || outcome.at("failed") == 0) << id << " " << outcome;
}

class RefusingPlatform : public InTimeTest {
 protected:
  RefusingPlatform() {
    const Json unavailable{{"status", 503}, {"probability", 0.2}};
    const Json too_many{{"status", 429}, {"retry_after", "2"}, {"probability", 0.1 / 0.8}};
    simulator.configure({{"callback", {{"faults", {unavailable, too_many}}}}});
  }
};

TEST_F(RefusingPlatform, HasEachResultWhileItMatters) {
  Figures figures("platform: 20 % 503, 10 % 429 with Retry-After 2");
  const auto service = start();
  const auto sent = send_at_rate(service.port(), orders("e", 500), 200);
  wait_for_results(count_accepted(sent));

  const auto taken = SimulatorRecord(simulator).results();
  std::vector<double> ms;
  for (const auto& execution : sent)
    if (const auto result = taken.find(execution.id); result != taken.end())
      ms.push_back(in_ms(result->second.at - execution.sent));
  figures.add(ms.size(), "results");
  figures.add_decimal(quantile(ms, 0.99) / 1000, "s p99");
  figures.add_decimal(quantile(ms, 1) / 1000, "s for the last");
  figures.print();

  expect_all_accepted(sent);
  EXPECT_EQ(ms.size(), sent.size());
  EXPECT_LE(quantile(ms, 1), 15000);
}

}  // namespace
}  // namespace fulfilld::chaos
