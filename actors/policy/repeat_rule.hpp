// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "actors/ports/adapter.hpp"
#include "actors/ports/http_engine.hpp"

namespace fulfilld {

/// Whether a backend call may be made again, and whether its last answer is the answer to all of it: where an attempt
/// before may have been carried out, the refusal of its repetition says nothing of that attempt (RFC 9110, 9.2.2).
/// One for each call; it is told of each attempt. Pure.
class RepeatRule {
 public:
  struct Verdict {
    bool repeat = false;        ///< another attempt may follow
    bool counts = true;         ///< that one uses up one of `retry.attempts`; else only the deadline bounds them
    Doubt doubt = Doubt::none;  ///< if none follows
  };

  RepeatRule() = default;

  /// `trusts_503`: see `effect_of`. `made_before`: an earlier process may have made the same call.
  RepeatRule(OperationClass operation, bool trusts_503, bool made_before) noexcept
      : operation_(operation),
        trusts_503_(trusts_503),
        in_doubt_(made_before && operation == OperationClass::idempotent) {}

  /// Called with the answer to each attempt, or with why it was not made.
  ///
  /// An unsafe call is repeated only if it is certain that nothing was done; if its effect is unknown, that is
  /// in doubt. A safe one changes nothing: what is answered last holds.
  ///
  /// Of an idempotent call, once an attempt may have been carried out: 409 says that its key is in use
  /// (draft-ietf-httpapi-idempotency-key-header, 2.7), so it is tried on, and where no answer comes after that, the
  /// doubt remains; the other refusals that depend on what has been done before (404 after DELETE, 412 after PUT, 410,
  /// 422, 423, 424), and those that come of the moment (401, 429, a call that is not made, no connection), leave the
  /// doubt. 400, 403, 405 and the like are about the request itself, and would have been said of the first attempt too.
  [[nodiscard]] Verdict judge(const HttpAnswer& answer) noexcept;

  /// An attempt was made, and its answer will never come.
  void lost() noexcept { in_doubt_ = operation_ == OperationClass::idempotent; }

  /// The backend has said that it is at an earlier attempt, and nothing since that tells its outcome.
  [[nodiscard]] bool is_in_use() const noexcept { return is_in_use_; }

 private:
  OperationClass operation_ = OperationClass::idempotent;
  bool trusts_503_ = false;
  bool in_doubt_ = false;   ///< an attempt may have been carried out; only of idempotent calls
  bool is_in_use_ = false;  ///< its key; only of idempotent calls
};

}  // namespace fulfilld
