// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/action_load.hpp"

#include <algorithm>

namespace fulfilld {
namespace {

// Where the host depends on the input, executions spread over so many queues that none bounds them all.
constexpr std::size_t most_queues = 16;

void add(ServiceLimits& limits, const QueueBounds& bounds) noexcept {
  limits.at_once =
      bounds.at_once > QueueBounds::none - limits.at_once ? QueueBounds::none : limits.at_once + bounds.at_once;
  if (!bounds.rate.limited()) {
    limits.per_second = std::numeric_limits<double>::infinity();
    return;
  }
  limits.per_second += bounds.rate.count / std::chrono::duration<double>(bounds.rate.period).count();
  limits.burst += bounds.rate.burst > 0 ? bounds.rate.burst : bounds.rate.count;
}

}  // namespace

std::size_t SharedQueue::backlog() const noexcept {
  std::size_t sum = 0;
  for (const auto* user : users) sum += user->backlog();
  return sum;
}

ActionLoad::ActionLoad(std::chrono::milliseconds deadline, const QueueBounds& unseen) : rate_(deadline) {
  unseen_.bounds = unseen;
  unseen_.users.push_back(this);
  ServiceLimits limits{.at_once = 0, .per_second = 0};
  add(limits, unseen);
  rate_.limit(limits);
}

void ActionLoad::use(SharedQueue& queue, std::size_t all_calls) {
  if (uses(queue) || !may_use_more()) return;
  queues_.push_back(&queue);
  queue.users.push_back(this);
  ServiceLimits limits{.at_once = 0, .per_second = 0};
  for (const auto* used : queues_) add(limits, used->bounds);
  if (!may_use_more()) limits = {};
  limits.at_once = std::min(limits.at_once, all_calls);
  rate_.limit(limits);
}

bool ActionLoad::uses(const SharedQueue& queue) const noexcept {
  return std::find(queues_.begin(), queues_.end(), &queue) != queues_.end();
}

bool ActionLoad::may_use_more() const noexcept { return queues_.size() <= most_queues; }

const SharedQueue* ActionLoad::full_queue() const noexcept {
  if (queues_.empty()) return backlog() >= unseen_.bounds.room() ? &unseen_ : nullptr;
  if (!may_use_more()) return nullptr;
  for (const auto* queue : queues_)
    if (queue->backlog() >= queue->bounds.room()) return queue;
  return nullptr;
}

}  // namespace fulfilld
