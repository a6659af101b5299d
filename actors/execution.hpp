// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "actors/admission.hpp"
#include "actors/policy/reason.hpp"
#include "actors/time.hpp"
#include "actors/url.hpp"

namespace fulfilld {

/// One accepted request for fulfillment. Filled in by the ingress (or by recovery) and immutable from then on.
struct Execution {
  std::string id;                 ///< unique in the journal; 1 to 128 of [A-Za-z0-9._-]
  std::string action;             ///< name of the configured action
  Url fulfillment_url;            ///< where the result goes
  std::string fulfillment_token;  ///< secret sent along by Genesys, or empty
  std::string data;               ///< the JSON value of `data`, byte for byte as received
  std::string correlation_id;     ///< ININ-Correlation-Id, or empty
  std::string idempotency_key;    ///< Idempotency-Key of the request: a second key by which repeats are known; or empty
  WallTime accepted_at{};         ///< when the request was accepted
  MonotonicTime accepted{};       ///< the same, for its deadline; not journalled: recovery knows the date only
  std::uint64_t sequence = 0;     ///< the journal's number for it, 0 before it is journalled
  bool resumed = false;           ///< an earlier process may have begun to run it
  Admission::Place place;         ///< what it takes of the bound on work in progress
};
using ExecutionPtr = std::shared_ptr<const Execution>;

/// What an execution ended with, together with the exact callback body that tells so.
struct Outcome {
  Reason reason = Reason::none;  ///< `none` means complete
  std::string body;              ///< the whole JSON body of the callback
  std::string code{};  ///< the `errorCode` in it, for the log; empty: that of `reason`, or read from a journal

  [[nodiscard]] bool complete() const noexcept { return reason == Reason::none; }
};

/// An execution whose outcome is on stable storage: all that is left is to deliver it.
struct Delivery {
  ExecutionPtr execution;
  std::shared_ptr<const Outcome> outcome;
};

/// What is on record of an execution's work in earlier processes.
struct History {
  std::uint32_t attempts = 0;            ///< backend attempts that failed
  Reason last_error = Reason::none;      ///< of the last of them
  std::uint32_t deaths = 0;              ///< processes that died, and this execution is or may be to blame
  bool sent_unsafe = false;              ///< an unsafe call may have been sent
  std::uint32_t deaths_in_delivery = 0;  ///< processes that died while they worked on the callback of its outcome
};

/// How the callback of an outcome ended.
struct Ending {
  Reason reason = Reason::none;  ///< `none`: delivered; else `callback_refused`, `undeliverable` or `parked`
  std::uint32_t attempts = 0;    ///< callback attempts made
};

}  // namespace fulfilld
