// SPDX-License-Identifier: Apache-2.0
// New builds of an adapter, one after the other, while executions come in.
#include <algorithm>
#include <csignal>
#include <future>
#include <iterator>
#include <set>

#include "tests/chaos/in_time_test.hpp"
#include "tests/chaos/memory_of.hpp"
#include "tests/integration/adapter_builds.hpp"

namespace fulfilld::chaos {
namespace {

/// Libraries of that directory that another process has mapped.
std::set<std::string> mapped_builds(pid_t process, const std::filesystem::path& directory) {
  std::set<std::string> names;
  std::ifstream maps("/proc/" + std::to_string(process) + "/maps");
  for (std::string line; std::getline(maps, line);)
    if (const auto place = line.find(directory.string()); place != std::string::npos) names.insert(line.substr(place));
  return names;
}

TEST_F(InTimeTest, SwapsUnderLoadLoseNothingAndLeaveNothingBehind) {
  Figures figures("hot swaps at 100 executions a second");
  integration::AdapterBuilds builds(directory.path() / "builds");
  set("adapters", "directories", Json{builds.directory()}.dump());
  set_text("actions.default", "adapter", "swapped");
  unset("actions.default.settings");
  unset("actions.default.secrets");
  auto before = builds.put(1, "swapped-0.so");
  auto service = start();
  const MemoryOf memory(service.process().id());
  const int swaps = times(60, 1000);
  std::vector<Order> orders;
  for (int i = 0; i < 10 * swaps; ++i) {
    const std::string id = "e-" + std::to_string(i);
    // They run for a while, so that some are under way at each swap.
    orders.push_back({id, "default", execute_body(id, R"({"after_ms":150})")});
  }
  double warm_mib = 0;
  auto load = std::async(std::launch::async, [&] { return send_at_rate(service.port(), orders, 100); });
  for (int swap = 1; swap <= swaps; ++swap) {
    const auto build = builds.put(1 + swap % 2, "swapped-" + std::to_string(swap) + ".so");
    service.process().send_signal(SIGHUP);
    ASSERT_TRUE(service.said("from " + build.string() + " now")) << swap;
    std::filesystem::remove(before);
    before = build;
    if (swap == swaps / 4) warm_mib = memory.resident_mib();
    // Ten executions for each swap.
    ASSERT_TRUE(simulator.wait({{"callbacks", std::min(10 * swap, 10 * swaps - 50)}})) << swap;
  }
  const auto sent = load.get();
  wait_for_results(sent.size());
  const auto results = results_of(sent);
  const auto after_mib = memory.resident_mib();

  std::map<int, std::size_t> by_build;
  for (const auto& dispatch : sent)
    ++by_build[taken_result(dispatch.id).at("result").at("externalResponse").at("build")];
  figures.add(static_cast<std::size_t>(swaps), "swaps");
  figures.add(sent.size(), "executions");
  figures.add(results.complete, "complete");
  figures.add_decimal(warm_mib, "MiB after a quarter");
  figures.add_decimal(after_mib, "MiB after all");
  figures.print();
  expect_all_accepted(sent);
  expect_one_result_each(results);
  EXPECT_EQ(results.complete, sent.size()) << results.reasons();
  EXPECT_GT(by_build[1], sent.size() / 10);
  EXPECT_GT(by_build[2], sent.size() / 10);
  EXPECT_EQ(mapped_builds(service.process().id(), builds.directory()), std::set<std::string>{before.string()});
#if !defined(__SANITIZE_ADDRESS__)
  EXPECT_LT(after_mib, warm_mib + 8) << "a build that stays mapped takes a third of a MiB";
#endif
}

}  // namespace
}  // namespace fulfilld::chaos
