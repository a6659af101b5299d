// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <fulfill/blocking.hpp>
#include <fulfill/context.hpp>
#include <fulfill/error.hpp>
#include <fulfill/response.hpp>
#include <fulfill/task.hpp>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace mapping {

/// A larger answer is read where a thread may block.
inline constexpr std::size_t kLargeAnswer = 64 * 1024;

/// What `read(answer)` gives or throws. `read`: captures nothing but what outlives the execution's coroutine. No thread
/// for it is `queue_full`, but `outcome_unknown` for the answer to an unsafe call, which has been carried out. `where`:
/// the call, for the message.
template <typename Read>
fulfill::Task<std::invoke_result_t<Read, const fulfill::Response&>> read_answer(fulfill::Response answer, Read read,
                                                                                std::string where,
                                                                                fulfill::Context& context) {
  const bool done_unsafe = answer.is_done_unsafe();
  try {
    if (answer.body().size() < kLargeAnswer) co_return read(answer);
    const auto large = std::make_shared<const fulfill::Response>(std::move(answer));
    auto work = [read, large] { return read(*large); };
    co_return co_await context.blocking(work).safe();
  } catch (const fulfill::Failed& failed) {
    const bool unread = done_unsafe && failed.code() == "queue_full";
    throw fulfill::Failed(unread ? "outcome_unknown" : failed.code(),
                          where + (unread ? ": the answer could not be read: " : ": ") + failed.message());
  }
}

}  // namespace mapping
