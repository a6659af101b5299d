// SPDX-License-Identifier: Apache-2.0
#include "runtime/adapter_tool/verify.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <fulfill/detail/json_scanner.hpp>
#include <iostream>
#include <iterator>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/adapter_tool/action_setup.hpp"
#include "runtime/adapter_tool/canned_answers.hpp"
#include "runtime/adapter_tool/check.hpp"
#include "runtime/adapter_tool/exit_status.hpp"
#include "runtime/adapter_tool/fault.hpp"
#include "runtime/adapter_tool/scenario_process.hpp"

namespace fulfilld {
namespace {

/// A rule, and the scenario that tries it; those that hold in every scenario have none of their own.
struct Rule {
  std::string name;
  bool has_scenario = true;
};

std::vector<Rule> all_rules() {
  std::vector<Rule> rules = {{"file", false}, {"good"}, {"settings"}};
  for (const auto& fault : faults()) rules.push_back({std::string(fault.rule)});
  rules.push_back({"cancellation"});
  for (const auto* name : {"unsafe_once", "secrets", "thread", "unload"}) rules.push_back({name, false});
  return rules;
}

/// What came of one rule.
struct Verdict {
  std::string rule;
  bool pass = false;
  std::string sentence;  ///< why it does not
};

AdapterOrder order_of(const VerifyOptions& options) {
  return {.file = options.file,
          .config = options.config,
          .action = options.action,
          .data = options.data,
          .answers = options.answers,
          .made_up_secrets = true};
}

/// Most of a scenario is waiting, so more of them run at a time than there are processors.
std::vector<Finding> play_all(const std::vector<std::string>& scenarios, const AdapterOrder& order) {
  std::mutex mutex;
  std::vector<Finding> findings;
  std::exception_ptr failure;
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (auto i = next++; i < scenarios.size(); i = next++) {
      try {
        auto found = play_in_process(scenarios[i], order);
        const std::lock_guard lock(mutex);
        std::move(found.begin(), found.end(), std::back_inserter(findings));
      } catch (const std::exception&) {
        const std::lock_guard lock(mutex);
        failure = std::current_exception();
      }
    }
  };
  std::vector<std::thread> workers;
  for (unsigned i = 0; i < 2 * std::max(1U, std::thread::hardware_concurrency()); ++i) workers.emplace_back(work);
  for (auto& worker : workers) worker.join();
  if (failure) std::rethrow_exception(failure);
  return findings;
}

Verdict verdict_on(const std::string& rule, const std::vector<Finding>& findings) {
  Verdict verdict{rule, true, {}};
  std::size_t count = 0;
  for (const auto& finding : findings) {
    if (finding.rule != rule) continue;
    if (count++ == 0) verdict.sentence = finding.sentence;
  }
  verdict.pass = count == 0;
  if (count > 1) verdict.sentence += " (and " + std::to_string(count - 1) + " more of the kind)";
  return verdict;
}

/// Tries all rules, or the one that is wanted; no further than the first that makes the rest meaningless.
std::vector<Verdict> try_rules(const VerifyOptions& options, const CheckedFile& file) {
  const auto rules = all_rules();
  const auto order = order_of(options);
  const auto wanted = [&](const std::string& rule) { return !options.rule || *options.rule == rule; };
  std::vector<Finding> findings;
  findings.reserve(file.problems.size());
  for (const auto& problem : file.problems) findings.push_back({"file", options.file.string() + " " + problem});
  if (!findings.empty()) return {verdict_on("file", findings)};
  findings = play_in_process("good", order);
  if (auto good = verdict_on("good", findings); !good.pass) return {{"file", true, {}}, std::move(good)};

  std::vector<std::string> scenarios;
  const bool needs_all = std::any_of(rules.begin(), rules.end(), [&](const Rule& rule) {
    return !rule.has_scenario && rule.name != "file" && wanted(rule.name);
  });
  for (const auto& rule : rules)
    if (rule.has_scenario && rule.name != "good" && (needs_all || wanted(rule.name))) scenarios.push_back(rule.name);
  auto more = play_all(scenarios, order);
  std::move(more.begin(), more.end(), std::back_inserter(findings));
  std::vector<Verdict> verdicts;
  for (const auto& rule : rules)
    if (wanted(rule.name)) verdicts.push_back(verdict_on(rule.name, findings));
  return verdicts;
}

void print_lines(const std::vector<Verdict>& verdicts, std::size_t failed, bool all, std::chrono::milliseconds took) {
  for (const auto& verdict : verdicts)
    std::cout << (verdict.pass ? "pass  " : "FAIL  ") << verdict.rule << (verdict.pass ? "" : ": " + verdict.sentence)
              << '\n';
  std::cout << verdicts.size() - failed << " passed, " << failed << " failed";
  if (!all) std::cout << ", the others were not tried: they need a good run";
  std::cout << " (" << took.count() / 1000 << "." << took.count() % 1000 / 100 << " s)\n";
}

void print_json(const CheckedFile& file, const std::vector<Verdict>& verdicts, std::size_t failed, bool all) {
  using Json = nlohmann::ordered_json;
  Json rules = Json::array();
  for (const auto& verdict : verdicts) {
    Json rule = {{"rule", verdict.rule}, {"pass", verdict.pass}};
    if (!verdict.pass) rule["sentence"] = verdict.sentence;
    rules.push_back(std::move(rule));
  }
  const Json report = {{"adapter", file.name}, {"version", file.version}, {"passed", verdicts.size() - failed},
                       {"failed", failed},     {"complete", all},         {"rules", std::move(rules)}};
  std::cout << report.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

/// A mistake in what the user wrote; empty if there is none.
std::string mistake_in(const VerifyOptions& options, const CheckedFile& file) {
  if (options.rule) {
    const auto rules = all_rules();
    std::string known;
    for (const auto& rule : rules) known += (known.empty() ? "" : ", ") + rule.name;
    if (std::none_of(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.name == *options.rule; }))
      return "there is no rule \"" + *options.rule + "\" (rules: " + known + ")";
  }
  if (options.answers)
    if (auto answers = read_answers(*options.answers); !answers.problem.empty()) return answers.problem;
  if (options.data && fulfill::detail::json_problem(*options.data) != fulfill::detail::JsonProblem::none)
    return "--data is not JSON";
  if (!file.problems.empty()) return {};
  auto problem =
      set_up_action({.adapter = file.name, .config = options.config, .action = options.action, .made_up_secrets = true})
          .problem;
  while (problem.ends_with('\n')) problem.pop_back();
  return problem;
}

}  // namespace

int verify_command(const VerifyOptions& options) {
  if (options.scenario) return scenario_process(*options.scenario, order_of(options));
  const auto begin = std::chrono::steady_clock::now();
  const auto file = check_file(options.file);
  if (const auto mistake = mistake_in(options, file); !mistake.empty()) {
    std::cerr << mistake << '\n';
    return adapter_tool_status::usage;
  }
  const auto verdicts = try_rules(options, file);
  const auto failed = static_cast<std::size_t>(
      std::count_if(verdicts.begin(), verdicts.end(), [](const Verdict& verdict) { return !verdict.pass; }));
  const bool all = verdicts.size() == (options.rule ? 1 : all_rules().size());
  const auto took = std::chrono::round<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  if (options.json)
    print_json(file, verdicts, failed, all);
  else
    print_lines(verdicts, failed, all, took);
  return failed == 0 ? adapter_tool_status::good : adapter_tool_status::failed;
}

}  // namespace fulfilld
