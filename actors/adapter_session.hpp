// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "actors/call.hpp"
#include "actors/fulfillment.hpp"
#include "actors/policy/callback_body.hpp"
#include "actors/policy/repeat_rule.hpp"
#include "actors/policy/retry_plan.hpp"
#include "actors/policy/sent_secrets.hpp"
#include "actors/ports/adapter.hpp"
#include "actors/work_begin.hpp"

namespace fulfilld {

/// One execution at work: the adapter's run, its operations under way, and the retries of its calls. Lives inside its
/// FULFILLMENT actor and is used by that actor only.
class AdapterSession final : public AdapterHost {
 public:
  /// How messages leave the session; implemented by the actor.
  class Outbox {
   public:
    virtual ~Outbox() = default;
    virtual void send(CallPtr call) = 0;
    /// Has the journal note that an unsafe call is about to be sent; then sends `recorded_atom, operation` to the
    /// actor.
    virtual void note_sending(OperationId operation) = 0;
    /// Sends `wake_atom, operation` to the actor at that time.
    virtual Clock::AlarmId wake_at(MonotonicTime when, OperationId operation) = 0;
    /// Has the work run where it may block, then sends `wake_atom, operation` to the actor, or, if it may be tried
    /// again, `answered_atom` with it. False: it cannot.
    virtual bool run_blocking(std::unique_ptr<BlockingWork> work, OperationId operation,
                              BlockingThreads::Turn turn) = 0;
    /// When the retry budget of the action's blocking work permits a repetition; nothing if not before `last`.
    virtual std::optional<MonotonicTime> repeat_blocking_at(MonotonicTime last) = 0;
    /// Has the platform told that the execution is under way.
    virtual void report_progress(std::string body) = 0;
    /// The token of that version was refused: have another one fetched. False: nobody fetches tokens of that
    /// credential.
    virtual bool refuse_token(const std::string& credential, std::uint64_t version) = 0;
    /// Where calls go from now on.
    virtual void change_routes(RoutesPtr routes) = 0;
  };

  AdapterSession(FulfillmentConfigPtr config, ActionPtr action, ExecutionPtr execution, MonotonicTime deadline,
                 std::unique_ptr<Outbox> outbox);
  ~AdapterSession() override;

  /// Each of these may lead to an outcome: look at `take_outcome` afterwards.
  void start();
  void answered(const CallPtr& call);
  void wake(OperationId operation);
  /// The work is taken out of it if it is tried again.
  void tried(TriedWork& tried);
  void recorded(OperationId operation);
  /// All calls that are under way are lost: each is made again, or if that is not permitted, decides the execution.
  void change_routes(RoutesPtr routes);
  void time_is_up();
  /// Tells the platform that the execution is under way, with what the adapter has reported last.
  void report_progress();

  /// Unsafe work that has not begun will not begin. False: something that must not be done twice has been done already,
  /// or may have been, or the backend is at a repeated call still.
  [[nodiscard]] bool prevent_acting() const;

  /// The outcome, once; the run is destroyed by then.
  [[nodiscard]] std::optional<Outcome> take_outcome();

  OperationId http(AdapterCall call) override;
  OperationId sleep(std::chrono::milliseconds duration) override;
  OperationId blocking(std::unique_ptr<BlockingWork> work, OperationClass operation) override;
  void progress(std::string_view json) override;
  void log(LogLevel level, std::string_view text) override;
  void complete(std::string json) override;
  void fail(Reason reason, std::string code, std::string message) override;

 private:
  struct Operation {
    CallPtr call;                        ///< null: a sleep, or blocking work
    std::unique_ptr<BlockingWork> work;  ///< that waits for the journal to have its note, or for its next attempt
    std::shared_ptr<WorkBegin> begin;    ///< of that work
    OperationClass operation = OperationClass::idempotent;
    RepeatRule rule;
    RetryPlan plan;
    Clock::AlarmId alarm = 0;
    bool under_way = false;        ///< the call has been sent, and not come back
    bool tried_new_token = false;  ///< the backend has refused a token, and may do so once
  };

  /// Everything that runs the adapter's code goes through here: it may take the process down.
  template <class Step>
  void in_adapter(Step step);
  void end_run();
  void send_attempt(Operation& operation);
  void begin_work(OperationId id, Operation& operation);
  [[nodiscard]] bool plan_next_attempt(Operation& operation, TriedWork& tried);
  void finish_work(OperationId id);
  void finish_call(OperationId id, Doubt doubt);
  [[nodiscard]] bool try_new_token(Operation& operation);
  void decide_failed(Reason reason, std::string_view code, std::string_view message);
  /// The execution cannot go on for that reason of the host's, whatever its adapter is doing.
  void decide_cut_off(Reason reason);
  /// Secrets that only this execution has to do with: its own token, and what its calls were authorized with.
  [[nodiscard]] std::vector<std::string> own_secrets() const;
  [[nodiscard]] double jitter();

  FulfillmentConfigPtr config_;
  ActionPtr action_;  ///< null: there is none of that name
  ExecutionPtr execution_;
  MonotonicTime deadline_;
  std::unique_ptr<Outbox> outbox_;
  std::unordered_map<OperationId, Operation> operations_;
  OperationId last_operation_ = 0;
  bool sending_is_noted_ = false;  ///< the journal knows that this execution sends unsafe calls
  bool acted_ = false;             ///< an unsafe call was carried out, or may have been
  bool answer_is_unread_ = false;  ///< that of an unsafe call, which the adapter was given last
  std::string progress_;           ///< the adapter's last report
  std::vector<SentHead> sent_;     ///< of the calls that have come back, the newest
  std::vector<AttemptReport> attempts_;
  std::optional<Outcome> outcome_;
  std::minstd_rand random_;
  std::unique_ptr<AdapterRun> run_;  // last: destroyed first, while the rest still stands
};

}  // namespace fulfilld
