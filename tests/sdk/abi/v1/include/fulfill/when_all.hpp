// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/detail/join.hpp>
#include <fulfill/task.hpp>

#include <cstddef>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

namespace fulfill {

/// Waits for several things at once: calls, sleeps, blocking work, tasks.
/// `auto [customer, orders] = co_await when_all(ctx.http(a), ctx.http(b));`
/// They are started in that order, before the first wait; what gives nothing is a std::monostate in the tuple. As soon
/// as one throws, the others end where they stand (their destructors run; a call that is on its way may still be
/// carried out) and the exception comes out of the `co_await`. To go on without one of them, catch inside a Task.
template <typename... Awaitables>
Task<std::tuple<detail::Awaited<Awaitables>...>> when_all(Awaitables... awaitables) {
  std::tuple<std::optional<detail::Awaited<Awaitables>>...> slots;
  detail::Join join(sizeof...(Awaitables));
  std::vector<Task<void>> tasks = detail::tasks_into(join, slots, std::move(awaitables)...);
  co_await detail::JoinWait(join, tasks);
  co_return detail::taken(slots);
}

/// The same for any number of one kind: `std::vector<Response> answers = co_await when_all(std::move(calls));`
template <typename Awaitable>
Task<std::vector<detail::Awaited<Awaitable>>> when_all(std::vector<Awaitable> awaitables) {
  std::vector<std::optional<detail::Awaited<Awaitable>>> slots(awaitables.size());
  detail::Join join(awaitables.size());
  std::vector<Task<void>> tasks;
  tasks.reserve(awaitables.size());
  for (std::size_t i = 0; i < awaitables.size(); ++i)
    tasks.push_back(detail::into(std::move(awaitables[i]), slots[i], join));
  co_await detail::JoinWait(join, tasks);
  std::vector<detail::Awaited<Awaitable>> values;
  values.reserve(slots.size());
  for (auto& slot : slots) values.push_back(std::move(*slot));
  co_return values;
}

}  // namespace fulfill
