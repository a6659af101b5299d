// SPDX-License-Identifier: Apache-2.0
#include "actors/admission.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <mutex>

#include "actors/execution.hpp"
#include "actors/policy/release_rate.hpp"
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

/// What an action may have in line that has called nothing yet: the least of all that it may turn out to call.
QueueBounds unseen(const BackendBounds& bounds, const std::string& action) {
  constexpr std::size_t least = 50;
  auto room = bounds.other_targets.room();
  for (const auto& [origin, target] : bounds.targets) room = std::min(room, target.room());
  if (const auto work = bounds.work.find(action); work != bounds.work.end()) room = std::min(room, work->second.room());
  auto taken = bounds.other_targets;
  if (room == QueueBounds::none) return taken;
  room = std::max(room, least);
  taken.at_once = std::min(taken.at_once, room);
  taken.waiting = room - taken.at_once;
  return taken;
}

std::string one_decimal(double number) {
  char text[32];
  const auto length = std::snprintf(text, sizeof text, "%.1f", number);
  return {text, static_cast<std::size_t>(length)};
}

}  // namespace

struct Admission::Place::Action {
  Action(std::string its_name, std::chrono::milliseconds deadline, const QueueBounds& unseen)
      : name(std::move(its_name)), load(deadline, unseen) {}

  const std::string name;
  ActionLoad load;
};

/// All but the constructor needs the lock.
struct Admission::State {
  using Action = Place::Action;

  State(const AdmissionLimits& bounds, const Deadlines& deadlines, const Clock& time, BackendBounds its_backends)
      : limits(bounds), backends(std::move(its_backends)), clock(time) {
    for (const auto& [action, deadline] : deadlines)
      actions.try_emplace(action, action, deadline, unseen(backends, action));
  }

  [[nodiscard]] Action* find(std::string_view action) noexcept {
    const auto found = actions.find(action);
    return found == actions.end() ? nullptr : &found->second;
  }

  [[nodiscard]] std::optional<Refusal> refusal(Action* action, std::size_t more, MonotonicTime now) {
    execution_release.look(now, executions_given_back);
    byte_release.look(now, bytes_given_back);
    if (executions >= std::min(limits.executions, limits.deliverable)) return too_many(now);
    if (more > limits.bytes || bytes > limits.bytes - more) return too_large(more, now);
    if (action == nullptr) return std::nullopt;
    if (const auto* full = action->load.full_queue()) return too_many_in_line(*full, now);
    const auto backlog = action->load.rate().too_long(now);
    if (!backlog) return std::nullopt;
    return Refusal{Reason::backlog_too_long, whole_seconds(backlog->until.count()),
                   std::to_string(backlog->backlog) + " executions of this action wait, and " +
                       (backlog->seen ? one_decimal(backlog->per_second) + " a second are served"
                                      : "as far as has been seen no more than " + one_decimal(backlog->per_second) +
                                            " a second can be served")};
  }

  [[nodiscard]] Refusal too_many_in_line(const SharedQueue& queue, MonotonicTime now) const {
    const auto missing = static_cast<double>(queue.backlog() - queue.bounds.room()) + 1;
    return {Reason::overloaded, until_free(missing, execution_release.per_second(now, executions_given_back)),
            std::to_string(queue.backlog()) +
                " executions are in flight for the backend of this action, which may have " +
                std::to_string(queue.bounds.at_once) + " calls under way and " + std::to_string(queue.bounds.waiting) +
                " waiting"};
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

  [[nodiscard]] Place take(Action* action, std::size_t more, MonotonicTime now) noexcept {
    ++executions;
    bytes += more;
    if (action != nullptr) action->load.rate().begun(now);
    return Place{*this, action, more};
  }

  void learn_call(Action& action, std::string_view origin) {
    auto known = targets.find(origin);
    if (known != targets.end() && action.load.uses(known->second)) return;
    if (!action.load.may_use_more()) return;
    if (known == targets.end()) {
      const auto own = backends.targets.find(origin);
      known = targets.try_emplace(std::string(origin)).first;
      known->second.bounds = own == backends.targets.end() ? backends.other_targets : own->second;
    }
    action.load.use(known->second, backends.all_calls);
  }

  void learn_work(Action& action) {
    auto known = work.find(action.name);
    if (known == work.end()) {
      const auto own = backends.work.find(action.name);
      known = work.try_emplace(action.name).first;
      if (own != backends.work.end()) known->second.bounds = own->second;
    }
    action.load.use(known->second, backends.all_calls);
  }

  const AdmissionLimits limits;
  const BackendBounds backends;
  const Clock& clock;
  std::mutex mutex;
  std::map<std::string, Action, std::less<>> actions;
  std::map<std::string, SharedQueue, std::less<>> targets;  ///< by origin: those that have been called
  std::map<std::string, SharedQueue, std::less<>> work;     ///< by action: those that have had some done
  std::string held_because;
  std::chrono::seconds held_for{1};
  std::size_t executions = 0;
  std::size_t bytes = 0;
  double executions_given_back = 0;
  double bytes_given_back = 0;
  ReleaseRate execution_release;
  ReleaseRate byte_release;
};

Admission::Admission(const AdmissionLimits& limits, const Deadlines& deadlines, const Clock& clock,
                     BackendBounds backends)
    : state_(std::make_unique<State>(limits, deadlines, clock, std::move(backends))) {}

Admission::~Admission() = default;

std::optional<Refusal> Admission::try_enter(std::string_view action, std::size_t bytes, Place& place) {
  if (closed()) return shutting_down();
  Place taken;  // what `place` held before is given back outside the lock
  {
    const std::lock_guard lock(state_->mutex);
    if (held()) return Refusal{Reason::overloaded, state_->held_for, state_->held_because};
    const auto now = state_->clock.now();
    auto* const known = state_->find(action);
    if (auto refusal = state_->refusal(known, bytes, now)) return refusal;
    taken = state_->take(known, bytes, now);
  }
  place = std::move(taken);
  return std::nullopt;
}

Refusal Admission::shutting_down() { return {Reason::shutting_down, restart, {}}; }

void Admission::hold(std::string why, std::chrono::seconds retry_after) {
  const std::lock_guard lock(state_->mutex);
  state_->held_because = std::move(why);
  state_->held_for = retry_after;
  held_.store(true, std::memory_order_relaxed);
}

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

void Admission::Place::calls(std::string_view origin) const {
  if (state_ == nullptr) return;
  const std::lock_guard lock(state_->mutex);
  if (waits_for_ == nullptr) return;
  has_called_ = true;
  state_->learn_call(*waits_for_, origin);
}

void Admission::Place::works() const {
  if (state_ == nullptr) return;
  const std::lock_guard lock(state_->mutex);
  if (waits_for_ == nullptr) return;
  has_called_ = true;
  state_->learn_work(*waits_for_);
}

void Admission::Place::decided(Reason outcome, std::size_t outcome_bytes) const noexcept {
  if (state_ == nullptr) return;
  const std::lock_guard lock(state_->mutex);
  if (waits_for_ == nullptr) return;
  auto& load = waits_for_->load;
  const auto now = state_->clock.now();
  if (!counts_as_served(outcome))
    load.rate().missed(now);
  else if (load.has_called() && !has_called_)
    load.rate().withdrawn();  // it needed no backend, and says nothing of one
  else
    load.rate().served(now);
  waits_for_ = nullptr;
  state_->bytes += outcome_bytes;
  bytes_ += outcome_bytes;
}

Admission::Place::~Place() {
  if (state_ == nullptr) return;
  const std::lock_guard lock(state_->mutex);
  if (waits_for_ != nullptr) waits_for_->load.rate().withdrawn();
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
