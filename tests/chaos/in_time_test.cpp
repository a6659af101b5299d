// SPDX-License-Identifier: Apache-2.0
#include "tests/chaos/in_time_test.hpp"

#include <algorithm>
#include <utility>

namespace fulfilld::chaos {
namespace {

std::string first_of(const std::vector<std::string>& list) { return list.empty() ? "" : list.front(); }

}  // namespace

std::size_t Results::failures() const {
  std::size_t all = 0;
  for (const auto& [code, count] : failed) all += count;
  return all;
}

std::size_t Results::failures(const std::string& code) const {
  const auto found = failed.find(code);
  return found == failed.end() ? 0 : found->second;
}

std::string Results::reasons() const {
  std::string text;
  for (const auto& [code, count] : failed)
    text.append(text.empty() ? "" : ", ").append(code).append(" ").append(std::to_string(count));
  return text.empty() ? "none" : text;
}

InTimeTest::InTimeTest() {
  set_text("log", "level", "info");
  set_text("callback", "rate", "none");
  simulator.configure({{"seed", seed()}, {"record_limit", 1000000}});
}

Order InTimeTest::order(const std::string& id, const std::string& action, const std::string& simulate) const {
  const auto data = R"({"id":")" + id + "\"" + (simulate.empty() ? "" : R"(,"simulate":)" + simulate) + "}";
  return {.id = id, .action = action, .body = execute_body(id, data)};
}

std::vector<Order> InTimeTest::orders(const std::string& prefix, int count, const std::string& action,
                                      const std::string& simulate) const {
  std::vector<Order> all;
  for (int i = 1; i <= count; ++i) all.push_back(order(prefix + "-" + std::to_string(i), action, simulate));
  return all;
}

void InTimeTest::wait_for_results(std::size_t count, std::chrono::milliseconds limit) const {
  EXPECT_TRUE(simulator.wait({{"callbacks", static_cast<int>(count)}}, limit)) << simulator.counts().dump(2);
}

Results InTimeTest::results_of(const std::vector<Dispatch>& sent) const {
  std::map<std::string, std::vector<Json>> taken;
  const auto record = simulator.record();
  for (const auto& callback : record.at("callback"))
    if (callback.at("taken") && callback.at("result") != "in-progress")
      taken[callback.at("execution")].push_back(callback);

  Results results;
  for (const auto& execution : sent) {
    if (!execution.accepted()) continue;
    const auto found = taken.find(execution.id);
    if (found == taken.end()) {
      results.missing.push_back(execution.id);
      continue;
    }
    const auto& first = found->second.front();
    const bool same = std::all_of(found->second.begin(), found->second.end(),
                                  [&](const Json& again) { return again.at("body") == first.at("body"); });
    if (!same) results.contradictory.push_back(execution.id);
    if (first.at("result") == "complete")
      ++results.complete;
    else
      ++results.failed[Json::parse(first.at("body").get<std::string>()).at("result").at("errorCode")];
  }
  return results;
}

void InTimeTest::expect_all_accepted(const std::vector<Dispatch>& sent) {
  EXPECT_EQ(count_accepted(sent), sent.size());
}

void InTimeTest::expect_one_result_each(const Results& results) {
  EXPECT_TRUE(results.missing.empty()) << results.missing.size() << " lost, the first: " << first_of(results.missing);
  EXPECT_TRUE(results.contradictory.empty())
      << results.contradictory.size() << " contradictory, the first: " << first_of(results.contradictory);
}

std::size_t count_accepted(const std::vector<Dispatch>& sent) {
  return static_cast<std::size_t>(
      std::count_if(sent.begin(), sent.end(), [](const Dispatch& dispatch) { return dispatch.accepted(); }));
}

}  // namespace fulfilld::chaos
