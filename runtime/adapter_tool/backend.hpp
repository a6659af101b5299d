// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "runtime/adapter_tool/canned_answers.hpp"
#include "runtime/adapter_tool/loopback_server.hpp"
#include "runtime/adapter_tool/reply.hpp"
#include "runtime/adapter_tool/watched_engine.hpp"
#include "runtime/adapter_tool/witness.hpp"

namespace fulfilld {

/// Plays all backends of one execution on the loopback server: canned answers, access tokens, and faults where they are
/// wanted. Any thread.
class Backend {
 public:
  /// What becomes of an attempt whose good answer is that one.
  using Fault = std::function<Reply(const Attempt& attempt, Reply good)>;

  /// `server` outlives it. `token_url`: where the action's credential fetches its tokens; may be empty.
  Backend(LoopbackServer& server, CannedAnswers answers, std::string token_url, Fault fault = {})
      : server_(server), answers_(std::move(answers)), token_url_(std::move(token_url)), fault_(std::move(fault)) {}

  [[nodiscard]] Url answer(const Attempt& attempt);

  /// Calls for which there is no answer: they got a 404.
  [[nodiscard]] std::vector<std::string> unanswered();

  /// For `Workbench::run`; it keeps the backend.
  [[nodiscard]] static WatchedEngine::Redirect redirect_to(std::shared_ptr<Backend> backend) {
    return [backend = std::move(backend)](const Attempt& attempt) { return std::optional(backend->answer(attempt)); };
  }

 private:
  [[nodiscard]] Reply good_reply(const Attempt& attempt);

  LoopbackServer& server_;
  std::mutex mutex_;  ///< guards the answers and what follows
  CannedAnswers answers_;
  const std::string token_url_;
  const Fault fault_;
  std::vector<std::string> unanswered_;
};

}  // namespace fulfilld
