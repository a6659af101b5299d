// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/fault_plan.hpp"

#include <utility>

namespace fulfilld::simulator {

void FaultPlan::set_rules(Side side, std::vector<FaultRule> rules) {
  auto& mine = rules_[static_cast<std::size_t>(side)];
  mine.clear();
  for (auto& rule : rules) mine.push_back({std::move(rule), {}, {}});
}

std::optional<Fault> FaultPlan::choose(Side side, const std::optional<FaultRule>& asked, std::string_view target,
                                       const std::string& execution, std::uint64_t attempt, Time now) {
  if (asked && applies(*asked, attempt)) return asked->fault;
  for (auto& [rule, all, by_execution] : rules_[static_cast<std::size_t>(side)]) {
    if (target.find(rule.path) == std::string_view::npos) continue;
    Seen& seen = rule.per_execution ? by_execution[execution] : all;
    if (++seen.count == 1) seen.first = now;
    if (rule.until && now - seen.first >= *rule.until) continue;
    if (applies(rule, seen.count)) return rule.fault;
  }
  return std::nullopt;
}

bool FaultPlan::applies(const FaultRule& rule, std::uint64_t count) {
  if (count > rule.times || count % rule.every != 0) return false;
  return rule.probability >= 1 || std::uniform_real_distribution<>{}(random_) < rule.probability;
}

}  // namespace fulfilld::simulator
