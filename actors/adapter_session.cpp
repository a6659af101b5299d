// SPDX-License-Identifier: Apache-2.0
#include "actors/adapter_session.hpp"

#include <algorithm>
#include <utility>

#include "actors/fault_point.hpp"
#include "actors/policy/effect.hpp"
#include "actors/policy/unread_answer.hpp"
#include "actors/recorded_work.hpp"

namespace fulfilld {

using std::chrono::milliseconds;

namespace {

constexpr std::size_t most_sent_heads = 16;

}  // namespace

AdapterSession::AdapterSession(FulfillmentConfigPtr config, ActionPtr action, ExecutionPtr execution,
                               MonotonicTime deadline, std::unique_ptr<Outbox> outbox)
    : config_(std::move(config)),
      action_(std::move(action)),
      execution_(std::move(execution)),
      deadline_(deadline),
      outbox_(std::move(outbox)),
      random_(static_cast<std::minstd_rand::result_type>(std::hash<std::string>{}(execution_->id))) {}

AdapterSession::~AdapterSession() {
  end_run();
  for (auto& [id, operation] : operations_) {
    if (operation.call != nullptr) operation.call->abandon();
    if (operation.alarm != 0) config_->clock->cancel(operation.alarm);
  }
}

void AdapterSession::start() {
  // An action can be gone when the process was restarted with another configuration.
  if (action_ == nullptr)
    return decide_failed(Reason::unknown_action, code(Reason::unknown_action), text(Reason::unknown_action));
  in_adapter([&] {
    run_ = action_->adapter->make_run(*this, execution_, deadline_);
    run_->start();
  });
}

void AdapterSession::answered(const CallPtr& call) {
  const auto found = operations_.find(call->tag);
  if (found == operations_.end() || call->answer.failure == HttpFailure::cancelled) return;
  auto& operation = found->second;
  if (operation.call != call) return;  // given up for lost, and made again since
  operation.under_way = false;
  FULFILLD_FAULT_POINT("backend.after_call");
  const auto& answer = call->answer;
  const auto verdict = operation.rule.judge(answer);
  if (call->turned_away()) {
    if (answer.refusal == Reason::deadline) return time_is_up();
    if (answer.refusal == Reason::retry_after_exceeds_deadline && verdict.doubt == Doubt::none)
      return decide_cut_off(answer.refusal);
    return finish_call(call->tag, verdict.doubt);
  }
  const auto attempt = operation.plan.attempt();
  config_->observer->attempt_ended(*execution_, Direction::backend, attempt, call->request, answer);
  if (config_->report_attempts)
    attempts_.push_back({.attempt = attempt,
                         .status = answer.status,
                         .reason = classify(answer),
                         .elapsed = std::chrono::duration_cast<milliseconds>(answer.elapsed)});
  if (answer.status == 401 && try_new_token(operation)) return;
  if (!verdict.repeat) return finish_call(call->tag, verdict.doubt);

  const auto now = config_->clock->now();
  const auto step = operation.plan.after(answer, now, config_->clock->wall_now(), jitter(), verdict.counts);
  if (step.reason == Reason::retry_after_exceeds_deadline && verdict.doubt == Doubt::none)
    return decide_cut_off(step.reason);
  if (!step.retry) return finish_call(call->tag, verdict.doubt);
  config_->observer->retry_planned(*execution_, Direction::backend, operation.plan.attempt(), step.delay);
  config_->journal->note_failed_attempt(execution_, classify(answer));
  operation.alarm = outbox_->wake_at(now + step.delay, call->tag);
}

void AdapterSession::wake(OperationId id) {
  const auto found = operations_.find(id);
  if (found == operations_.end()) return;
  auto& operation = found->second;
  operation.alarm = 0;
  if (operation.call != nullptr) {
    operation.call->rewind();
    operation.call->retry = true;
    return send_attempt(operation);
  }
  // Where there is no room for it any more, the adapter hears why the attempt before did not succeed.
  if (operation.work != nullptr &&
      outbox_->run_blocking(std::move(operation.work), id, BlockingThreads::Turn::repeated))
    return;
  finish_work(id);
}

void AdapterSession::tried(TriedWork& tried) {
  const auto found = operations_.find(tried.operation);
  if (found == operations_.end() || plan_next_attempt(found->second, tried)) return;
  in_adapter([&] { tried.work.reset(); });
  finish_work(tried.operation);
}

void AdapterSession::recorded(OperationId id) {
  sending_is_noted_ = true;
  const auto found = operations_.find(id);
  if (found == operations_.end()) return;
  if (found->second.call != nullptr) return send_attempt(found->second);
  begin_work(id, found->second);
}

void AdapterSession::change_routes(RoutesPtr routes) {
  outbox_->change_routes(std::move(routes));
  for (auto& [id, operation] : operations_) {
    if (!operation.under_way) continue;
    operation.call->abandon();
    if (operation.call->started()) {
      if (operation.operation == OperationClass::unsafe)
        return decide_failed(Reason::outcome_unknown, code(Reason::outcome_unknown), text(Reason::outcome_unknown));
      operation.rule.lost();
    }
    // The engine may still hold the old one.
    operation.call = operation.call->again();
    send_attempt(operation);
  }
}

void AdapterSession::time_is_up() {
  if (outcome_) return;
  if (!prevent_acting()) return decide_cut_off(Reason::deadline);
  for (const auto& [id, operation] : operations_) {
    if (!operation.under_way) continue;
    if (const auto why = operation.call->waits_for_token())
      return decide_failed(Reason::no_token, code(Reason::no_token), std::string(text(Reason::no_token)) + ": " + *why);
  }
  decide_cut_off(Reason::deadline);
}

void AdapterSession::report_progress() {
  if (!outcome_) outbox_->report_progress(progress_body(progress_, config_->clock->wall_now()));
}

std::optional<Outcome> AdapterSession::take_outcome() {
  if (outcome_) end_run();
  return std::exchange(outcome_, std::nullopt);
}

OperationId AdapterSession::http(AdapterCall wanted) {
  RetryPolicy policy = action_->retry;
  if (wanted.time_limit > milliseconds{0}) policy.attempt_timeout = std::min(policy.attempt_timeout, wanted.time_limit);

  execution_->place.calls(wanted.request.url.origin);
  const OperationId id = ++last_operation_;
  auto call = std::make_shared<Call>();
  call->request = std::move(wanted.request);
  call->credential = action_->credential;
  call->last_end = deadline_;
  call->tag = id;
  auto& operation = operations_[id];
  operation.call = std::move(call);
  operation.operation = wanted.operation;
  operation.rule = RepeatRule{wanted.operation, policy.unsafe_after_503, execution_->resumed};
  operation.plan = RetryPlan{policy, deadline_};
  answer_is_unread_ = false;
  send_attempt(operation);
  return id;
}

OperationId AdapterSession::sleep(milliseconds duration) {
  // A sleep that would outlast the execution is cut just past its deadline, where nobody wakes: any length is safe.
  const auto now = config_->clock->now();
  const auto longest = std::chrono::ceil<milliseconds>(std::max(deadline_, now) - now) + milliseconds{1};
  const OperationId id = ++last_operation_;
  operations_[id].alarm = outbox_->wake_at(now + std::clamp(duration, milliseconds{0}, longest), id);
  return id;
}

OperationId AdapterSession::blocking(std::unique_ptr<BlockingWork> work, OperationClass operation) {
  execution_->place.works();
  const auto begin = std::make_shared<WorkBegin>();
  work = std::make_unique<RecordedWork>(std::move(work), *config_->recorder, execution_, action_, begin);
  const OperationId id = ++last_operation_;
  const bool wants_note = operation == OperationClass::unsafe && !sending_is_noted_;
  if (!wants_note && !outbox_->run_blocking(std::move(work), id, BlockingThreads::Turn::first)) return 0;
  auto& begun = operations_[id];
  begun.operation = operation;
  begun.begin = begin;
  begun.plan = RetryPlan{action_->retry, deadline_};
  if (!wants_note) return id;
  begun.work = std::move(work);
  outbox_->note_sending(id);
  return id;
}

void AdapterSession::progress(std::string_view json) {
  progress_ = config_->redaction.clean_json(json, own_secrets());
  report_progress();
}

void AdapterSession::log(LogLevel level, std::string_view words) {
  // The log knows the process's secrets, but not what calls of this execution were authorized with.
  config_->observer->adapter_said(*execution_, level, config_->redaction.clean(words, own_secrets()));
}

void AdapterSession::complete(std::string json) {
  if (outcome_) return;
  // As it is: it is data of the backend, which the flow has asked for, and a mask would be another value.
  auto body = complete_body(json, config_->clock->wall_now());
  if (body.size() > action_->max_result)
    return decide_failed(Reason::result_too_large, code(Reason::result_too_large),
                         "The result has " + std::to_string(body.size()) + " bytes, and max_result is " +
                             std::to_string(action_->max_result));
  outcome_ = Outcome{Reason::none, std::move(body)};
}

void AdapterSession::fail(Reason reason, std::string code, std::string message) {
  if (!answer_is_unread_ || !is_unread_answer(reason)) return decide_failed(reason, code, message);
  decide_failed(Reason::outcome_unknown, fulfilld::code(Reason::outcome_unknown),
                "An unsafe call was answered, and then: " + code + ": " + message);
}

void AdapterSession::send_attempt(Operation& operation) {
  const auto limit = operation.plan.attempt_limit(config_->clock->now());
  if (limit <= milliseconds{0}) return time_is_up();
  if (operation.operation == OperationClass::unsafe && !sending_is_noted_)
    return outbox_->note_sending(operation.call->tag);
  operation.under_way = true;
  operation.call->request.time_limit = limit;
  config_->observer->attempt_sent(*execution_, Direction::backend, operation.plan.attempt());
  FULFILLD_FAULT_POINT("backend.before_call");
  outbox_->send(operation.call);
}

/// Work that the journal knows of by now. The adapter was told that it will run: if there is no room, the execution
/// ends.
void AdapterSession::begin_work(OperationId id, Operation& operation) {
  if (operation.work == nullptr || outbox_->run_blocking(std::move(operation.work), id, BlockingThreads::Turn::first))
    return;
  decide_failed(Reason::queue_full, code(Reason::queue_full),
                "too much of this action waits for a thread that may block");
}

/// Nothing was done, or it may be done twice, so the operation's class does not matter here. False: that was the last.
bool AdapterSession::plan_next_attempt(Operation& operation, TriedWork& tried) {
  const auto attempt = operation.plan.attempt();
  const auto now = config_->clock->now();
  const auto step = operation.plan.after_work(tried.attempt.after, now, jitter());
  const auto permitted = step.retry ? outbox_->repeat_blocking_at(deadline_) : std::nullopt;
  std::string words = "attempt " + std::to_string(attempt) + " at blocking work: ";
  words.append(code(tried.attempt.reason)).append(": ").append(tried.attempt.message);
  config_->observer->adapter_said(*execution_, LogLevel::info, words);
  if (!permitted) return false;
  const auto when = std::max(now + step.delay, *permitted);
  config_->observer->retry_planned(*execution_, Direction::backend, operation.plan.attempt(),
                                   std::chrono::ceil<milliseconds>(when - now));
  config_->journal->note_failed_attempt(execution_, tried.attempt.reason);
  operation.work = std::move(tried.work);
  operation.alarm = outbox_->wake_at(when, tried.operation);
  return true;
}

void AdapterSession::finish_work(OperationId id) {
  operations_.erase(id);
  in_adapter([&] { run_->done(id); });
}

/// A token that the backend refuses may have been revoked: another one is fetched, once, and nothing was done so far.
bool AdapterSession::try_new_token(Operation& operation) {
  auto& call = *operation.call;
  if (operation.tried_new_token || !outbox_->refuse_token(call.credential, call.token_version)) return false;
  operation.tried_new_token = true;
  call.refused_token = call.token_version;
  call.rewind();
  send_attempt(operation);
  return true;
}

void AdapterSession::finish_call(OperationId id, Doubt doubt) {
  // The node keeps the answer alive while the adapter reads it; the adapter may ask for its next call meanwhile.
  const auto done = operations_.extract(id);
  auto& operation = done.mapped();
  auto& answer = operation.call->answer;
  answer.doubt = doubt;
  if (operation.operation == OperationClass::unsafe) {
    answer_is_unread_ = effect_of(answer) == Effect::done;
    acted_ = acted_ || answer_is_unread_ || doubt != Doubt::none;
  }
  // What the adapter says from now on may quote the answer, and that what was sent.
  auto& request = operation.call->request;
  sent_.push_back({std::move(request.authorization), std::move(request.header_lines), std::move(request.url.target)});
  if (sent_.size() > most_sent_heads) sent_.erase(sent_.begin());
  in_adapter([&] { run_->http_done(id, answer); });
}

void AdapterSession::decide_failed(Reason reason, std::string_view code, std::string_view message) {
  if (outcome_) return;
  // Before the journal has it: from there it goes to the platform, and to whoever may read the record.
  const auto secrets = own_secrets();
  const auto& redaction = config_->redaction;
  std::string told(redaction.clean(code, secrets) == code ? code : fulfilld::code(reason));
  auto body = failed_body(told, redaction.clean(message, secrets), config_->clock->wall_now(), attempts_);
  outcome_ = Outcome{reason, std::move(body), std::move(told)};
}

std::vector<std::string> AdapterSession::own_secrets() const {
  std::vector<std::string> secrets{execution_->fulfillment_token};
  for (const auto& head : sent_) add_secrets_in(head, secrets);
  return secrets;
}

void AdapterSession::decide_cut_off(Reason reason) {
  if (prevent_acting()) return decide_failed(reason, code(reason), text(reason));
  decide_failed(Reason::outcome_unknown, code(Reason::outcome_unknown),
                std::string(text(reason)) + ", and what must not be done twice may have been done");
}

bool AdapterSession::prevent_acting() const {
  return !acted_ && std::all_of(operations_.begin(), operations_.end(), [](const auto& entry) {
    const auto& operation = entry.second;
    if (operation.operation != OperationClass::unsafe) return !operation.rule.is_in_use();
    if (operation.begin != nullptr) return operation.begin->prevent();
    return !operation.under_way || !operation.call->started();
  });
}

template <class Step>
void AdapterSession::in_adapter(Step step) {
  const auto begin = config_->clock->now();
  {
    const FlightRecorder::AtWork stay(*config_->recorder, {.sequence = execution_->sequence,
                                                           .execution = execution_->id,
                                                           .action = execution_->action,
                                                           .adapter = action_->adapter_name});
    step();
  }
  const auto lasted = config_->clock->now() - begin;
  if (lasted >= config_->slow_adapter)
    config_->observer->adapter_kept_thread(*execution_, action_->adapter_name,
                                           std::chrono::floor<milliseconds>(lasted));
}

void AdapterSession::end_run() {
  if (run_ != nullptr) in_adapter([&] { run_.reset(); });
}

double AdapterSession::jitter() { return std::uniform_real_distribution<>{0, 1}(random_); }

}  // namespace fulfilld
