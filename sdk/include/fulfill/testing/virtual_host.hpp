// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <fulfill/abi.h>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fulfill/detail/json_scanner.hpp>
#include <fulfill/operation.hpp>
#include <fulfill/testing/outcome.hpp>
#include <fulfill/testing/recorded.hpp>
#include <fulfill/testing/script.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fulfill::testing {

/// The host's side of the C ABI for one execution at a time, in virtual time. What stands behind `Bench`, which is what
/// tests use. Like the real host it never calls into a run from inside a call that the run made.
class VirtualHost {
 public:
  using Milliseconds = std::chrono::milliseconds;

  explicit VirtualHost(const fulfill_descriptor_v1& adapter) : adapter_(adapter) {}
  VirtualHost(const VirtualHost&) = delete;
  VirtualHost& operator=(const VirtualHost&) = delete;
  ~VirtualHost() { forget_run(); }

  void secret(std::string name, std::string value) { secrets_.insert_or_assign(std::move(name), std::move(value)); }
  void hold_blocking() noexcept { holds_blocking_ = true; }
  void attempts(int most) noexcept { most_attempts_ = most; }
  Script& on(const std::string& method, const std::string& url) { return scripts_[method + " " + url]; }
  Script& otherwise() noexcept { return otherwise_; }

  /// Begins an execution and goes on until it ends or only the passing of time can move it.
  void start(fulfill_adapter& instance, std::string input, Milliseconds deadline) {
    forget_run();
    outcome_.reset();
    calls_.clear();
    works_.clear();
    work_attempts_ = 0;
    progress_.clear();
    logs_.clear();
    steps_ = 0;
    last_number_ = 0;
    input_ = std::move(input);
    // Virtual time begins now, so that an adapter may compare its deadline with the real clock.
    now_ = std::chrono::steady_clock::now();
    deadline_ = now_ + deadline;

    fulfill_start_v1 lent{};
    lent.size = sizeof lent;
    lent.host = &table();
    lent.caller = reinterpret_cast<fulfill_caller*>(this);
    lent.execution_id = detail::lend(id_);
    lent.action = detail::lend(action_);
    lent.input = detail::lend(input_);
    lent.deadline_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(deadline_.time_since_epoch()).count();
    run_ = adapter_.start(&instance, &lent);
    if (run_ == nullptr) end(Outcome::failed("adapter_fault", "the adapter could not begin the execution"));
    advance(Milliseconds{0});
  }

  /// Lets that much time pass.
  void advance(Milliseconds time) { advance_until(now_ + time); }
  void advance_to_end() {
    if (run_ != nullptr) advance_until(deadline_);
  }

  void cancel(std::string code, std::string message) {
    if (!outcome_) end(Outcome::failed(std::move(code), std::move(message)));
    forget_run();
  }
  /// Destroys the run, wherever it is.
  void forget_run() noexcept {
    if (run_ != nullptr) adapter_.cancel(std::exchange(run_, nullptr));
    for (const auto& wait : waits_)
      if (wait.work) wait.work->release(wait.work->state);
    waits_.clear();
  }

  [[nodiscard]] std::size_t waiting() const noexcept { return outcome_ ? 0 : waits_.size(); }
  [[nodiscard]] const std::optional<Outcome>& outcome() const noexcept { return outcome_; }
  [[nodiscard]] const std::vector<RecordedCall>& calls() const noexcept { return calls_; }
  [[nodiscard]] const std::vector<Operation>& works() const noexcept { return works_; }
  [[nodiscard]] std::size_t work_attempts() const noexcept { return work_attempts_; }
  [[nodiscard]] const std::vector<std::string>& progress() const noexcept { return progress_; }
  [[nodiscard]] const std::vector<RecordedLine>& logs() const noexcept { return logs_; }
  [[nodiscard]] const std::string& execution_id() const noexcept { return id_; }
  [[nodiscard]] const std::string& action() const noexcept { return action_; }
  [[nodiscard]] const std::map<std::string, std::string>& secrets() const noexcept { return secrets_; }

 private:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::size_t kMostWaits = 256;      // as in the real host
  static constexpr std::size_t kMostSteps = 100'000;  // more is a loop that lets no time pass

  /// A call, a sleep, or blocking work.
  class Wait {
   public:
    Wait(std::uint64_t its_number, Time when) : number(its_number), due(when) {}
    std::uint64_t number;
    Time due;  ///< `Time::max()`: never
    std::optional<ScriptedAnswer> answer;
    std::size_t call = 0;
    std::optional<fulfill_work_v1> work;
    int attempt = 1;
  };

  void advance_until(Time end_of_wait) {
    while (run_ != nullptr && !outcome_) {
      const auto next =
          std::min_element(waits_.begin(), waits_.end(), [](const Wait& a, const Wait& b) { return a.due < b.due; });
      const Time due = next == waits_.end() ? Time::max() : next->due;
      if (due > end_of_wait || due >= deadline_) break;
      now_ = std::max(now_, due);
      Wait wait = std::move(*next);
      waits_.erase(next);
      deliver(wait);
      if (++steps_ == kMostSteps) {
        ADD_FAILURE() << "the adapter has waited " << kMostSteps << " times and goes on";
        return cancel("adapter_fault", "the adapter goes round in circles");
      }
    }
    now_ = std::max(now_, end_of_wait);
    if (run_ != nullptr && !outcome_ && now_ >= deadline_) cancel("deadline", "the deadline of the execution passed");
    if (outcome_) forget_run();
  }

  void deliver(Wait& wait) {
    if (wait.work) {
      if (const auto again_after = work(*wait.work, wait.attempt)) {
        wait.due = now_ + *again_after;
        ++wait.attempt;
        waits_.push_back(std::move(wait));
        return;
      }
      wait.work->release(wait.work->state);
    }
    if (!wait.answer) return adapter_.done(run_, wait.number);
    const std::string code = wait.answer->code_for(calls_[wait.call]);
    const std::string message = wait.answer->message();
    std::vector<fulfill_field> fields;
    for (const auto& [name, value] : wait.answer->headers())
      fields.push_back({detail::lend(name), detail::lend(value)});
    fulfill_answer_v1 lent{};
    lent.size = sizeof lent;
    if (!code.empty()) lent.failure = {detail::lend(code), detail::lend(message)};
    lent.status = wait.answer->status();
    lent.complete = lent.status != 0 ? 1 : 0;
    lent.fields = fields.data();
    lent.field_count = fields.size();
    lent.body = detail::lend(wait.answer->body());
    adapter_.http_done(run_, wait.number, &lent);
  }

  /// One attempt. After what time there is to be another one; nothing if there is none.
  std::optional<Milliseconds> work(const fulfill_work_v1& work, int attempt) {
    constexpr Milliseconds kBackoff{1'000};  // of the real host, before it is cut by chance
    ++work_attempts_;
    if (work.attempt == nullptr) {
      work.run(work.state);
      return std::nullopt;
    }
    fulfill_attempt_v1 outcome{};
    outcome.size = sizeof outcome;
    work.attempt(work.state, &outcome);
    if (outcome.verdict != FULFILL_ATTEMPT_AGAIN && outcome.verdict != FULFILL_ATTEMPT_BUSY) return std::nullopt;
    const auto delay = std::max(kBackoff * (1 << std::min(attempt - 1, 4)), Milliseconds(outcome.after_ms));
    if (attempt >= most_attempts_ || delay >= deadline_ - now_) return std::nullopt;
    return delay;
  }

  void end(Outcome outcome) {
    if (!outcome_) outcome_ = std::move(outcome);
  }

  /// A new wait, or null with the reason why there can be none.
  Wait* begin(fulfill_failure& failure) {
    if (outcome_) return refuse("the execution has ended", failure);
    if (waits_.size() >= kMostWaits) return refuse("too many operations are under way in this execution", failure);
    return &waits_.emplace_back(++last_number_, now_);
  }
  Wait* refuse(std::string why, fulfill_failure& failure) {
    refusal_ = std::move(why);
    failure = {detail::lend("request_not_allowed"), detail::lend(refusal_)};
    return nullptr;
  }

  /// What of it the real host would refuse, as far as one sees it without parsing URLs.
  static std::string problem_with(const RecordedCall& call) {
    if (!call.url().starts_with("http://") && !call.url().starts_with("https://"))
      return "the URL cannot be called: it is not an absolute http or https URL: " + call.url();
    if (call.method().empty() || call.method() == "CONNECT" || call.method() == "TRACE")
      return "the method " + call.method() + " cannot be used";
    for (const auto& [name, value] : call.headers())
      if (std::any_of(value.begin(), value.end(),
                      [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; }))
        return "header field \"" + name + "\" holds a control character";
    return {};
  }

  std::uint64_t http(const fulfill_request_v1& request, fulfill_failure& failure) {
    RecordedCall call(request);
    if (auto problem = problem_with(call); !problem.empty()) {
      refuse(std::move(problem), failure);
      return 0;
    }
    Wait* wait = begin(failure);
    if (wait == nullptr) return 0;
    const ScriptedAnswer* answer = next_answer(call);
    if (answer == nullptr) {
      ADD_FAILURE() << "no answer is scripted for " << call.method() << ' ' << call.url() << scripted();
      wait->answer.emplace(ScriptedAnswer::Kind::unreachable, Milliseconds{0});
    } else {
      wait->answer = *answer;
      wait->due = answer->comes() ? now_ + answer->delay_for(call) : Time::max();
    }
    wait->call = calls_.size();
    calls_.push_back(std::move(call));
    return wait->number;
  }

  const ScriptedAnswer* next_answer(const RecordedCall& call) {
    const auto found = scripts_.find(call.method() + " " + call.url());
    const ScriptedAnswer* answer = found == scripts_.end() ? nullptr : found->second.next();
    return answer != nullptr ? answer : otherwise_.next();
  }
  [[nodiscard]] std::string scripted() const {
    if (scripts_.empty()) return "; nothing is";
    std::string all = "; scripted is:";
    for (const auto& [target, script] : scripts_) all += "\n  " + target;
    return all;
  }

  static bool is_json(std::string_view text) {
    constexpr std::size_t kDeepest = 1024;  // as the real host
    return fulfill::detail::json_problem(text, kDeepest) == fulfill::detail::JsonProblem::none;
  }

  void complete(std::string_view json, bool from_backend) {
    if (is_json(json)) return end(Outcome::completed(std::string(json)));
    end(from_backend ? Outcome::failed("backend_bad_answer", "the backend's answer is not JSON")
                     : Outcome::failed("adapter_fault", "the adapter's result is not JSON"));
  }

  void report(std::string_view json) {
    if (!is_json(json)) ADD_FAILURE() << "progress has to be JSON, and this is not: " << json;
    progress_.emplace_back(json);
  }

  static VirtualHost& self(fulfill_caller* caller) noexcept { return *reinterpret_cast<VirtualHost*>(caller); }

  static const fulfill_host_v1& table() {
    static const fulfill_host_v1 functions = {
        sizeof(fulfill_host_v1),
        [](fulfill_caller* caller, const fulfill_request_v1* request, fulfill_failure* failure) {
          return self(caller).http(*request, *failure);
        },
        [](fulfill_caller* caller, std::int64_t milliseconds, fulfill_failure* failure) -> std::uint64_t {
          Wait* wait = self(caller).begin(*failure);
          if (wait == nullptr) return 0;
          wait->due += Milliseconds(std::clamp<std::int64_t>(milliseconds, 0, 24 * 3600 * 1000));
          return wait->number;
        },
        [](fulfill_caller* caller, fulfill_text json) { self(caller).report(detail::view(json)); },
        [](fulfill_caller* caller, std::int32_t level, fulfill_text text) {
          self(caller).logs_.emplace_back(static_cast<LogLevel>(level), std::string(detail::view(text)));
        },
        [](fulfill_caller* caller, fulfill_text name, fulfill_text* value) -> std::int32_t {
          const auto found = self(caller).secrets_.find(std::string(detail::view(name)));
          if (found == self(caller).secrets_.end()) return 0;
          *value = detail::lend(found->second);
          return 1;
        },
        [](fulfill_caller* caller, fulfill_text json, std::uint32_t source) {
          self(caller).complete(detail::view(json), source == FULFILL_RESULT_FROM_BACKEND);
        },
        [](fulfill_caller* caller, fulfill_text code, fulfill_text message) {
          self(caller).end(Outcome::failed(std::string(detail::view(code)), std::string(detail::view(message))));
        },
        [](fulfill_caller* caller, const fulfill_work_v1* work, fulfill_failure* failure) -> std::uint64_t {
          VirtualHost& me = self(caller);
          Wait* wait = me.begin(*failure);
          if (wait == nullptr) {
            work->release(work->state);
            return 0;
          }
          me.works_.push_back(static_cast<Operation>(work->operation));
          wait->work.emplace();
          std::memcpy(&*wait->work, work, std::min(work->size, sizeof *work));
          if (me.holds_blocking_) wait->due = Time::max();
          return wait->number;
        }};
    return functions;
  }

  const fulfill_descriptor_v1& adapter_;
  fulfill_run* run_ = nullptr;
  std::string action_ = "under_test";
  std::string id_ = "execution-1";  // always the same: a script may hold it
  std::string input_;
  Time now_;
  Time deadline_;
  std::map<std::string, std::string> secrets_;
  std::map<std::string, Script> scripts_;
  Script otherwise_;
  bool holds_blocking_ = false;
  int most_attempts_ = 3;

  std::vector<Wait> waits_;
  std::uint64_t last_number_ = 0;
  std::size_t steps_ = 0;
  std::string refusal_;
  std::optional<Outcome> outcome_;
  std::vector<RecordedCall> calls_;
  std::vector<Operation> works_;
  std::size_t work_attempts_ = 0;
  std::vector<std::string> progress_;
  std::vector<RecordedLine> logs_;
};

}  // namespace fulfill::testing
