// SPDX-License-Identifier: Apache-2.0
#include "actors/admission.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <mutex>

#include "actors/execution.hpp"
#include "actors/policy/release_rate.hpp"
#include "actors/policy/service_rate.hpp"
#include "actors/ports/clock.hpp"

namespace fulfilld {
namespace {

/// Nobody is sent away for longer: much may change in a minute.
constexpr double longest_wait = 60;
/// About as long as a restart takes.
constexpr std::chrono::seconds restart{10};

std::chrono::seconds whole_seconds(double seconds) noexcept {
  return std::chrono::seconds(static_cast<std::int64_t>(std::ceil(std::clamp(seconds, 1.0, longest_wait))));
}

/// When `missing` will have been given back. Soon, as far as is known, where the rate is not known.
std::chrono::seconds until_free(double missing, std::optional<double> per_second) noexcept {
  if (!per_second) return std::chrono::seconds(1);
  return whole_seconds(*per_second > 0 ? missing / *per_second : longest_wait);
}

std::string one_decimal(double number) {
  char text[32];
  const auto length = std::snprintf(text, sizeof text, "%.1f", number);
  return {text, static_cast<std::size_t>(length)};
}

}  // namespace

/// All but the constructor needs the lock.
struct Admission::State {
  State(const AdmissionLimits& bounds, const Deadlines& deadlines, const Clock& time) : limits(bounds), clock(time) {
    for (const auto& [action, deadline] : deadlines) actions.try_emplace(action, deadline);
  }

  [[nodiscard]] ServiceRate* find(std::string_view action) noexcept {
    const auto found = actions.find(action);
    return found == actions.end() ? nullptr : &found->second;
  }

  [[nodiscard]] std::optional<Refusal> refusal(ServiceRate* action, std::size_t more, MonotonicTime now) {
    execution_release.look(now, executions_given_back);
    byte_release.look(now, bytes_given_back);
    if (executions >= std::min(limits.executions, limits.deliverable)) return too_many(now);
    if (more > limits.bytes || bytes > limits.bytes - more) return too_large(more, now);
    const auto backlog = action == nullptr ? std::nullopt : action->too_long(now);
    if (!backlog) return std::nullopt;
    return Refusal{Reason::backlog_too_long, whole_seconds(backlog->until.count()),
                   std::to_string(backlog->backlog) + " executions of this action wait, and " +
                       one_decimal(backlog->per_second) + " a second are served"};
  }

  [[nodiscard]] Refusal too_many(MonotonicTime now) const {
    const bool for_callbacks = limits.deliverable < limits.executions;
    const auto bound = for_callbacks ? limits.deliverable : limits.executions;
    const double missing = static_cast<double>(executions - bound) + 1;
    return {Reason::overloaded, until_free(missing, execution_release.per_second(now, executions_given_back)),
            std::to_string(executions) + " executions are in flight, and " +
                (for_callbacks ? "callback.rate delivers " + std::to_string(bound) + " within callback.lifetime"
                               : "limits.max_in_flight is " + std::to_string(bound))};
  }

  [[nodiscard]] Refusal too_large(std::size_t more, MonotonicTime now) const {
    const double missing = static_cast<double>(bytes) + static_cast<double>(more) - static_cast<double>(limits.bytes);
    return {Reason::overloaded, until_free(missing, byte_release.per_second(now, bytes_given_back)),
            "The executions in flight hold " + std::to_string(bytes) + " bytes, this one would take " +
                std::to_string(more) + ", and limits.max_bytes is " + std::to_string(limits.bytes)};
  }

  [[nodiscard]] Place take(ServiceRate* action, std::size_t more, MonotonicTime now) noexcept {
    ++executions;
    bytes += more;
    if (action != nullptr) action->begun(now);
    return Place{*this, action, more};
  }

  const AdmissionLimits limits;
  const Clock& clock;
  std::mutex mutex;
  std::map<std::string, ServiceRate, std::less<>> actions;
  std::size_t executions = 0;
  std::size_t bytes = 0;
  double executions_given_back = 0;
  double bytes_given_back = 0;
  ReleaseRate execution_release;
  ReleaseRate byte_release;
};

Admission::Admission(const AdmissionLimits& limits, const Deadlines& deadlines, const Clock& clock)
    : state_(std::make_unique<State>(limits, deadlines, clock)) {}

Admission::~Admission() = default;

std::optional<Refusal> Admission::try_enter(std::string_view action, std::size_t bytes, Place& place) {
  if (closed()) return shutting_down();
  Place taken;  // what `place` held before is given back outside the lock
  {
    const std::lock_guard lock(state_->mutex);
    const auto now = state_->clock.now();
    auto* const known = state_->find(action);
    if (auto refusal = state_->refusal(known, bytes, now)) return refusal;
    taken = state_->take(known, bytes, now);
  }
  place = std::move(taken);
  return std::nullopt;
}

Refusal Admission::shutting_down() { return {Reason::shutting_down, restart, {}}; }

Admission::Place Admission::enter(std::string_view action, std::size_t bytes) {
  const std::lock_guard lock(state_->mutex);
  return state_->take(state_->find(action), bytes, state_->clock.now());
}

Admission::Place Admission::enter_decided(std::size_t bytes) {
  const std::lock_guard lock(state_->mutex);
  return state_->take(nullptr, bytes, {});
}

std::size_t Admission::in_flight() const noexcept {
  const std::lock_guard lock(state_->mutex);
  return state_->executions;
}

std::size_t Admission::bytes() const noexcept {
  const std::lock_guard lock(state_->mutex);
  return state_->bytes;
}

void Admission::Place::decided(Reason outcome, std::size_t outcome_bytes) const noexcept {
  if (state_ == nullptr) return;
  const std::lock_guard lock(state_->mutex);
  if (waits_for_ == nullptr) return;
  const auto now = state_->clock.now();
  counts_as_served(outcome) ? waits_for_->served(now) : waits_for_->missed(now);
  waits_for_ = nullptr;
  state_->bytes += outcome_bytes;
  bytes_ += outcome_bytes;
}

Admission::Place::~Place() {
  if (state_ == nullptr) return;
  const std::lock_guard lock(state_->mutex);
  if (waits_for_ != nullptr) waits_for_->withdrawn();
  --state_->executions;
  state_->bytes -= bytes_;
  state_->executions_given_back += 1;
  state_->bytes_given_back += static_cast<double>(bytes_);
}

std::size_t footprint(const Execution& execution) noexcept {
  const auto& url = execution.fulfillment_url;
  return sizeof(Execution) + execution.id.size() + execution.action.size() + url.text.size() + url.origin.size() +
         url.host.size() + url.authority.size() + url.target.size() + execution.fulfillment_token.size() +
         execution.data.size() + execution.correlation_id.size() + execution.idempotency_key.size();
}

}  // namespace fulfilld
