// SPDX-License-Identifier: Apache-2.0
#include "runtime/plugin_host/plugin_run.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory_resource>
#include <utility>

#include "runtime/plugin_host/answer_failure.hpp"
#include "runtime/plugin_host/call_check.hpp"
#include "runtime/plugin_host/host_table.hpp"
#include "runtime/plugin_host/lent_text.hpp"
#include "runtime/plugin_host/plugin_work.hpp"
#include "runtime/plugin_host/reported_reason.hpp"

namespace fulfilld {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMostPending = 256;
constexpr std::uint32_t kMostLogLines = 100;
constexpr std::uint32_t kMostProgressReports = 100;
constexpr std::size_t kLongestLogLine = 2 << 10;
constexpr std::size_t kLongestProgress = 64 << 10;
constexpr std::size_t kLongestResult = 4 << 20;
constexpr std::size_t kLongestCode = 64;
constexpr std::size_t kLongestMessage = 2 << 10;
constexpr std::int64_t kLongestSleepMs = 24 * 3600 * 1000;

// What version 1 demands of a plugin's structs. Not sizeof: that of the host grows, a plugin that was built before
// stays.
constexpr std::size_t kLeastRequest = offsetof(fulfill_request_v1, timeout_ms) + sizeof(std::int64_t);
constexpr std::size_t kLeastWork = offsetof(fulfill_work_v1, release) + sizeof(void*);

bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= kLongestCode && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
  });
}

/// What the plugin says of its work; what it leaves out, or we do not know, must not be done twice.
OperationClass class_of(const fulfill_work_v1& work) {
  constexpr std::size_t kWithClass = offsetof(fulfill_work_v1, operation) + sizeof work.operation;
  if (work.size < kWithClass) return OperationClass::unsafe;
  if (work.operation == FULFILL_OPERATION_SAFE) return OperationClass::safe;
  return work.operation == FULFILL_OPERATION_IDEMPOTENT ? OperationClass::idempotent : OperationClass::unsafe;
}

LogLevel level_for(std::int32_t level) {
  return static_cast<LogLevel>(std::clamp<std::int32_t>(level, FULFILL_LOG_DEBUG, FULFILL_LOG_ERROR));
}

}  // namespace

PluginRun::PluginRun(std::shared_ptr<PluginAdapter> adapter, AdapterHost& host, ExecutionPtr execution,
                     MonotonicTime deadline)
    : adapter_(std::move(adapter)), host_(host), execution_(std::move(execution)), deadline_(deadline) {}

PluginRun::~PluginRun() {
  ended_ = true;
  if (run_ != nullptr) adapter_->functions().cancel(run_);
}

void PluginRun::start() {
  fulfill_start_v1 start{};
  start.size = sizeof start;
  start.host = &HostTable::functions();
  start.caller = HostTable::caller(*this);
  start.execution_id = lend(execution_->id);
  start.action = lend(execution_->action);
  start.input = lend(execution_->data);
  start.deadline_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(deadline_.time_since_epoch()).count();
  run_ = adapter_->functions().start(adapter_->instance(), &start);
  if (run_ == nullptr) end_failed(Reason::adapter_fault, {}, "the adapter could not begin the execution");
}

void PluginRun::http_done(OperationId operation, const HttpAnswer& answer) {
  if (run_ == nullptr || !take(operation)) return;
  const AnswerFailure failure = failure_of(answer);

  std::array<std::byte, 32 * sizeof(fulfill_field)> room;
  std::pmr::monotonic_buffer_resource memory(room.data(), room.size());
  std::pmr::vector<fulfill_field> fields(&memory);
  fields.reserve(answer.fields.size());
  for (const auto& field : answer.fields) fields.push_back({lend(field.name), lend(field.value)});

  fulfill_answer_v1 lent{};
  lent.size = sizeof lent;
  if (failure.reason != Reason::none) lent.failure = {lend(code(failure.reason)), lend(failure.message)};
  lent.status = answer.status;
  // The refusal of a repetition is no answer to what was asked: not one of `any_status` either.
  lent.complete = answer.failure == HttpFailure::none && answer.doubt != Doubt::of_an_earlier ? 1 : 0;
  lent.fields = fields.data();
  lent.field_count = fields.size();
  lent.body = lend(answer.body);
  adapter_->functions().http_done(run_, operation, &lent);
}

void PluginRun::done(OperationId operation) {
  if (run_ != nullptr && take(operation)) adapter_->functions().done(run_, operation);
}

OperationId PluginRun::http(const fulfill_request_v1& wanted, fulfill_failure& failure) {
  if (auto why = refusal_to_begin(); !why.empty()) return refuse(Reason::request_not_allowed, std::move(why), failure);
  if (wanted.size < kLeastRequest) return refuse(Reason::request_not_allowed, "the request is incomplete", failure);
  CheckedCall checked = check_call(wanted, execution_, adapter_->urls());
  if (!checked.problem.empty()) return refuse(Reason::request_not_allowed, std::move(checked.problem), failure);

  AdapterCall& call = checked.call;
  if (call.operation == OperationClass::idempotent) {
    // The same in every attempt, and when the execution is run again after a crash; ':' cannot occur in an id.
    ++idempotent_calls_;
    if (!checked.has_own_key) {
      call.request.header_lines.append("Idempotency-Key: "sv).append(execution_->id);
      if (idempotent_calls_ > 1) call.request.header_lines.append(":").append(std::to_string(idempotent_calls_));
      call.request.header_lines.append("\r\n"sv);
    }
  }
  return begun(host_.http(std::move(call)));
}

OperationId PluginRun::sleep(std::int64_t milliseconds, fulfill_failure& failure) {
  if (auto why = refusal_to_begin(); !why.empty()) return refuse(Reason::request_not_allowed, std::move(why), failure);
  const auto duration = std::clamp<std::int64_t>(milliseconds, 0, kLongestSleepMs);
  return begun(host_.sleep(std::chrono::milliseconds(duration)));
}

OperationId PluginRun::blocking(const fulfill_work_v1& wanted, fulfill_failure& failure) {
  if (wanted.size < kLeastWork) return refuse(Reason::request_not_allowed, "the work is incomplete", failure);
  auto work = std::make_unique<PluginWork>(adapter_, wanted);
  if (auto why = refusal_to_begin(); !why.empty()) return refuse(Reason::request_not_allowed, std::move(why), failure);
  const OperationId operation = host_.blocking(std::move(work), class_of(wanted));
  if (operation != 0) return begun(operation);
  return refuse(Reason::queue_full, "too much of this action waits for a thread that may block", failure);
}

void PluginRun::progress(std::string_view json) {
  if (ended_ || progress_reports_ == kMostProgressReports) return;
  if (++progress_reports_ == kMostProgressReports)
    host_.log(LogLevel::warning, "further progress reports of this execution are dropped");
  std::string copy(json.substr(0, kLongestProgress + 1));
  if (copy.size() > kLongestProgress || !adapter_->json().is_json(copy))
    return host_.log(LogLevel::warning, "a progress report that is not JSON, or too long, was dropped");
  host_.progress(copy);
}

void PluginRun::log(std::int32_t level, std::string_view text) {
  if (log_lines_ == kMostLogLines) return;
  if (++log_lines_ == kMostLogLines)
    return host_.log(LogLevel::warning, "further log lines of this execution are dropped");
  host_.log(level_for(level), text.substr(0, kLongestLogLine));
}

bool PluginRun::secret(std::string_view name, fulfill_text& value) const {
  const Secret* found = adapter_->secret(name);
  if (found == nullptr) return false;
  value = lend(found->reveal());
  return true;
}

void PluginRun::complete(std::string_view json, std::uint32_t source) {
  if (ended_) return;
  const bool from_backend = source == FULFILL_RESULT_FROM_BACKEND;
  if (json.size() > kLongestResult)
    return end_failed(from_backend ? Reason::answer_too_large : Reason::adapter_fault, {},
                      "the result is larger than 4 MiB");
  std::string result;
  result.reserve(json.size() + 64);  // room that the check wants
  result = json;
  if (!adapter_->json().is_json(result))
    return from_backend ? end_failed(Reason::backend_bad_answer, {}, "the backend's answer is not JSON")
                        : end_failed(Reason::adapter_fault, {}, "the adapter's result is not JSON");
  ended_ = true;
  host_.complete(std::move(result));
}

void PluginRun::fail(std::string_view wire_name, std::string_view message) {
  if (ended_) return;
  const Reason reason = reported_reason(wire_name);
  end_failed(reason, is_code(wire_name) ? std::string(wire_name) : std::string(),
             std::string(message.substr(0, kLongestMessage)));
}

void PluginRun::fault(const char* what) {
  ended_ = true;
  try {
    host_.fail(Reason::internal_error, std::string(code(Reason::internal_error)), what);
  } catch (const std::exception&) {
    // The host itself cannot take it: the execution then ends at its deadline.
  }
}

std::string PluginRun::refusal_to_begin() const {
  if (ended_) return "the execution has ended";
  if (pending_.size() >= kMostPending) return "too many operations are under way in this execution";
  return {};
}

OperationId PluginRun::begun(OperationId operation) {
  pending_.push_back(operation);
  return operation;
}

OperationId PluginRun::refuse(Reason reason, std::string message, fulfill_failure& failure) {
  refusal_ = std::move(message);
  failure = {lend(code(reason)), lend(refusal_)};
  return 0;
}

bool PluginRun::take(OperationId operation) {
  const auto found = std::find(pending_.begin(), pending_.end(), operation);
  if (found == pending_.end()) return false;
  pending_.erase(found);
  return true;
}

void PluginRun::end_failed(Reason reason, std::string wire_name, std::string message) {
  ended_ = true;
  if (wire_name.empty()) wire_name = code(reason);
  host_.fail(reason, std::move(wire_name), std::move(message));
}

}  // namespace fulfilld
