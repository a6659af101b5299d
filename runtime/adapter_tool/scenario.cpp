// SPDX-License-Identifier: Apache-2.0
#include "runtime/adapter_tool/scenario.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "runtime/adapter_tool/backend.hpp"
#include "runtime/adapter_tool/failure_parts.hpp"
#include "runtime/adapter_tool/fault.hpp"
#include "runtime/adapter_tool/loopback_server.hpp"
#include "runtime/adapter_tool/run_record.hpp"
#include "runtime/adapter_tool/workbench.hpp"
#include "runtime/plugin_host/plugin_adapter.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;

constexpr auto kLongestStay = 50ms;
constexpr auto kSleepIsCutTo = 5ms;
constexpr int kTriesOfAStay = 3;
constexpr std::size_t kCallsAtMost = 32;  // of an execution, that meet each fault
constexpr std::size_t kCancelledAtMost = 200;

/// Short enough for a whole conformance run in seconds, long enough for a busy machine.
Config hurried(Config config) {
  for (auto& [name, action] : config.actions) {
    action.deadline = {.limit = 6s, .reserve = 0ms};
    action.retry = {.attempts = 2, .attempt_timeout = 5s, .backoff = 10ms, .backoff_max = 10ms};
  }
  return config;
}

/// The rules that hold for each run, whatever is done to it, checked on an adapter that is loaded.
class Trial {
 public:
  Trial(LoadedAdapter loaded, std::string rule, const ScenarioReport& report)
      : loaded_(std::move(loaded)),
        rule_(std::move(rule)),
        report_(report),
        bench_(hurried(loaded_.setup.config), loaded_.setup.action, std::move(loaded_.adapter)) {}

  struct Run {
    RunEnd end;
    std::shared_ptr<RunRecord> record;
    std::vector<std::string> unanswered;
  };

  /// Carries an execution out. `where` begins the sentences about it.
  Run run(const std::string& where, const Treatment& treatment = {}, const Backend::Fault& fault = {}) {
    report_.at(where);
    Run result = once(treatment, fault);
    if (!blocks_ && result.record->longest_stay().duration > kLongestStay)
      look_at_stay(where, treatment, fault, result);
    look_for_secrets(where, result);
    if (const auto call = result.record->repeated_unsafe_call())
      found("unsafe_once", where, *call + " was sent again, though the first may have been carried out");
    return result;
  }

  /// Exactly one outcome, made by the adapter itself, that can be told.
  void expect_outcome(const std::string& where, const Run& run, bool must_complete) {
    if (run.end.outcomes.size() != 1)
      return found(rule_, where, "it ended with " + std::to_string(run.end.outcomes.size()) + " outcomes");
    const auto& outcome = run.end.outcomes.front();
    if (outcome.complete()) return;
    const auto [code, message] = failure_of(outcome);
    if (outcome.reason == Reason::deadline) return found(rule_, where, "it did not end before its deadline");
    if (outcome.reason == Reason::internal_error || run.record->adapter_is_at_fault())
      return found(rule_, where, "it ended as " + code + ": " + message);
    if (code.empty() || message.empty()) return found(rule_, where, "it failed without a code or a message");
    if (must_complete) found(rule_, where, "it ended as " + code + ": " + message);
  }

  void found(const std::string& rule, const std::string& where, const std::string& sentence) {
    report_.found({rule, where.empty() ? sentence : where + ": " + sentence});
  }

  [[nodiscard]] Workbench& bench() noexcept { return bench_; }

 private:
  Run once(Treatment treatment, const Backend::Fault& fault) {
    Run result;
    result.record = std::make_shared<RunRecord>();
    treatment.witness = result.record;
    treatment.work = std::make_shared<WorkCount>();
    treatment.longest_sleep = kSleepIsCutTo;
    const auto backend = std::make_shared<Backend>(server_, loaded_.answers, loaded_.setup.token_url(), fault);
    result.end = bench_.run(loaded_.data, treatment, Backend::redirect_to(backend));
    result.unanswered = backend->unanswered();
    if (result.end.stuck) end_process("it keeps the thread beyond its deadline");
    if (result.end.work_left) end_process("its blocking work goes on for seconds after the execution has ended");
    return result;
  }

  /// A busy machine, too, can keep a thread: only what happens each time counts. Told once.
  void look_at_stay(const std::string& where, const Treatment& treatment, const Backend::Fault& fault,
                    const Run& first) {
    auto stay = first.record->longest_stay();
    for (int i = 1; i < kTriesOfAStay && stay.duration > kLongestStay; ++i) {
      const auto again = once(treatment, fault).record->longest_stay();
      if (again.duration < stay.duration) stay = again;
    }
    blocks_ = stay.duration > kLongestStay;
    if (blocks_)
      found("thread", where,
            "it kept the thread for " + std::to_string(stay.duration / 1ms) + " ms " + stay.where +
                ": what must block belongs into context.blocking");
  }

  /// What holds a thread for ever cannot be waited for.
  [[noreturn]] void end_process(const std::string& sentence) {
    report_.found({rule_, sentence});
    std::_Exit(0);
  }

  void look_for_secrets(const std::string& where, const Run& run) {
    for (const auto& secret : loaded_.setup.secrets) {
      auto place = run.record->place_of(secret);
      for (const auto& outcome : run.end.outcomes)
        if (!place && outcome.complete() && outcome.body.find(secret) != std::string::npos) place = "the result";
      if (place) return found("secrets", where, "a secret shows in " + *place);
    }
  }

  LoadedAdapter loaded_;
  std::string rule_;
  const ScenarioReport& report_;
  LoopbackServer server_;
  Workbench bench_;
  bool blocks_ = false;
};

std::vector<Suspension> calls_of(const std::vector<Suspension>& suspensions) {
  std::vector<Suspension> calls;
  std::copy_if(suspensions.begin(), suspensions.end(), std::back_inserter(calls),
               [](const Suspension& suspension) { return suspension.kind == Suspension::Kind::call; });
  return calls;
}

std::string first_words(const Trial::Run& run) {
  return run.unanswered.empty() ? "" : "the answers have none for " + run.unanswered.front();
}

void good_run(Trial& trial) {
  const auto run = trial.run("");
  trial.expect_outcome(first_words(run), run, /*must_complete=*/true);
}

void meet_fault(Trial& trial, const Fault& fault) {
  const auto calls = calls_of(trial.run("").record->suspensions());
  for (std::size_t i = 0; i < std::min(calls.size(), kCallsAtMost); ++i) {
    const std::size_t number = calls[i].call;
    const std::string where = "call " + std::to_string(number) + ", " + calls[i].what;
    Treatment treatment;
    treatment.time_limit = [&fault, number](std::size_t call) { return call == number ? fault.time_limit : 0ms; };
    const auto run = trial.run(where, treatment, [&fault, number](const Attempt& attempt, Reply good) {
      const bool meets = attempt.call == number && (attempt.number == 1 || !fault.first_attempt_only);
      return meets ? fault.reply(std::move(good)) : std::move(good);
    });
    trial.expect_outcome(where, run, fault.must_complete);
  }
}

void cancel(Trial& trial, const std::string& where, const Treatment& treatment) {
  const auto run = trial.run(where, treatment);
  if (run.end.outcomes.size() != 1)
    trial.found("cancellation", where, "it ended with " + std::to_string(run.end.outcomes.size()) + " outcomes");
}

void cancel_everywhere(Trial& trial) {
  const auto suspensions = trial.run("").record->suspensions();
  for (std::size_t i = 0; i < std::min(suspensions.size(), kCancelledAtMost); ++i) {
    const std::size_t wanted = i + 1;
    Treatment waits;
    waits.on_suspension = [&trial, wanted](std::size_t suspension) {
      if (suspension == wanted) trial.bench().time_is_up();
    };
    cancel(trial, "cancelled while it waited for " + suspensions[i].what, waits);
    if (suspensions[i].kind != Suspension::Kind::blocking) continue;
    // By then it has begun, and what would take long is in the middle of it.
    Treatment works;
    works.on_work = [&trial, wanted](std::size_t suspension) {
      if (suspension == wanted) trial.bench().time_is_up_in(20ms);
    };
    cancel(trial, "cancelled while its blocking work ran", works);
  }
}

/// True if the library is gone from the process.
bool is_unloaded(const std::filesystem::path& file) {
  void* const library = ::dlopen(std::filesystem::absolute(file).c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (library == nullptr) return true;
  ::dlclose(library);
  return false;
}

void refuse_unknown_setting(const LoadedAdapter& loaded, const ScenarioReport& report) {
  const std::string unknown = "a_setting_that_nobody_knows";
  report.at("made with an unknown setting");
  auto settings = loaded.setup.settings();
  settings.settings.emplace(unknown, "1");
  const auto made = make_plugin_adapter(loaded.plugin, loaded.setup.action, settings);
  if (made.adapter != nullptr)
    report.found({"settings", "an unknown setting is not refused, so a typing error would go unnoticed"});
  else if (made.problem.find(unknown) == std::string::npos)
    report.found({"settings", "an unknown setting is refused, but not by its name: " + made.problem});
}

}  // namespace

void play_scenario(const std::string& name, AdapterOrder order, const ScenarioReport& report) {
  const auto file = order.file;
  report.at("loaded");
  auto loaded = load_adapter(order);
  if (!loaded.problem.empty()) return report.found({name, loaded.problem});
  if (name == "settings") return refuse_unknown_setting(loaded, report);
  {
    Trial trial(std::move(loaded), name, report);
    const auto fault =
        std::find_if(faults().begin(), faults().end(), [&](const Fault& candidate) { return candidate.rule == name; });
    if (fault != faults().end())
      meet_fault(trial, *fault);
    else if (name == "cancellation")
      cancel_everywhere(trial);
    else
      good_run(trial);
    report.at("unloaded");
  }
  if (!is_unloaded(file))
    report.found({"unload",
                  "the library stays in the process after its last execution, so no newer build could "
                  "take its place"});
}

}  // namespace fulfilld
