// SPDX-License-Identifier: Apache-2.0
// One backend hangs, another is well: is the second one served as if the first one were not there?
#include <algorithm>
#include <future>
#include <map>
#include <string>
#include <vector>

#include "tests/chaos/in_time_test.hpp"

namespace fulfilld::chaos {
namespace {

using namespace std::chrono_literals;

constexpr double rate = 200;  // executions a second, on each of the two backends

// What stands beside the healthy backend in a phase.
enum class Beside { nothing, healthy, hanging };

class Bulkhead : public InTimeTest, public testing::WithParamInterface<bool> {
 protected:
  Bulkhead() {
    set_action("healthy", simulator.backend());
    set_action("neighbour", neighbour.backend());
    set_action("hanging", neighbour.backend());
    neighbour.configure(
        {{"record_limit", 1000}, {"backend", {{"faults", {{{"path", "/backend/hanging"}, {"cut", "hang"}}}}}}});
  }

  integration::SimulatorClient neighbour{FULFILLD_SIMULATOR};
  std::size_t refused = 0;  // executions of the hanging one that were not accepted

  void run_phase(const Service& service, int number, Beside beside) {
    const int count = static_cast<int>(rate) * times(2, 10);
    const auto name = std::to_string(number);
    std::vector<Order> neighbours;
    if (beside == Beside::healthy) neighbours = orders("n" + name, count, "neighbour");
    if (beside == Beside::hanging) neighbours = orders("h" + name, count, "hanging");
    auto others = std::async(std::launch::async, [&] { return send_at_rate(service.port(), neighbours, rate, 32); });
    auto sent = send_at_rate(service.port(), orders("e" + name, count, "healthy"), rate);
    const auto beside_it = others.get();
    expect_all_accepted(sent);
    done_ += count_accepted(sent) + count_accepted(beside_it);
    if (beside == Beside::hanging) refused += beside_it.size() - count_accepted(beside_it);
    wait_for_results(done_);
    auto& phases = sent_[beside];
    phases.insert(phases.end(), sent.begin(), sent.end());
  }

  /// From the moment that the schedule had an execution until its result was at the platform, in ms.
  [[nodiscard]] std::map<Beside, std::vector<double>> latencies() const {
    std::map<Beside, std::vector<double>> latencies;
    const auto results = SimulatorRecord(simulator).results();
    for (const auto& [beside, executions] : sent_)
      for (const auto& execution : executions) {
        const auto result = results.find(execution.id);
        if (result != results.end() && result->second.result == "complete")
          latencies[beside].push_back(in_ms(result->second.at - execution.due));
        else
          ADD_FAILURE() << execution.id << " is not complete";
      }
    return latencies;
  }

 private:
  void set_action(const std::string& name, const std::string& origin) {
    set_text("actions." + name, "deadline", "3s");
    set_text("actions." + name, "retry.attempt_timeout", "3s");
    set_text("actions." + name + ".settings", "url", origin + "/backend/" + name);
  }

  std::map<Beside, std::vector<Dispatch>> sent_;
  std::size_t done_ = 0;
};

TEST_P(Bulkhead, KeepsAHangingBackendFromDelayingAnother) {
  set("targets.default", "breaker.enabled", GetParam() ? "true" : "false");
  const auto service = start();
  Figures figures(GetParam() ? "bulkhead" : "bulkhead without a breaker");
  const int rounds = times(2, 10);
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    run_phase(service, 3 * round, Beside::nothing);
    run_phase(service, 3 * round + 1, Beside::healthy);
    run_phase(service, 3 * round + 2, Beside::hanging);
  }
  const auto taken = latencies();
  const auto p99 = [&](Beside beside) { return quantile(taken.at(beside), 0.99); };
  const auto alone = p99(Beside::nothing);
  const auto beside_hanging = p99(Beside::hanging);
  figures.add(taken.at(Beside::nothing).size(), "executions each");
  figures.add_decimal(alone, "ms p99 alone");
  figures.add_decimal(p99(Beside::healthy), "ms beside a healthy one");
  figures.add_decimal(beside_hanging, "ms beside a hanging one");
  figures.add_decimal(100 * beside_hanging / alone, "% of alone");
  figures.add(refused, "for the hanging one refused");
  figures.print();
  EXPECT_LE(beside_hanging, 3 * std::max(alone, 50.0));
}

INSTANTIATE_TEST_SUITE_P(Breaker, Bulkhead, testing::Bool(),
                         [](const auto& with) { return with.param ? "On" : "Off"; });

}  // namespace
}  // namespace fulfilld::chaos
