// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/atom.hpp>
#include <caf/type_id.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "actors/actions.hpp"
#include "actors/execution.hpp"
#include "actors/policy/token_outlook.hpp"
#include "actors/ports/blocking_threads.hpp"
#include "actors/ports/journal.hpp"
#include "actors/pulse.hpp"

namespace fulfilld {

class Call;
/// A call on its way from its requester to the HTTP engine and back. Exactly one actor (or the engine) works on it
/// at any time; the message that carries it hands it over.
using CallPtr = std::shared_ptr<Call>;

/// An access token as the token actor pushes it to the rate limiter.
struct Token {
  std::string credential;     ///< name of the credential it belongs to
  std::string authorization;  ///< the whole Authorization value; empty: there is none now
  std::uint64_t version = 0;  ///< counts up with each token fetched
};
using TokenPtr = std::shared_ptr<const Token>;

/// That there is no new token to be had, as the token actor tells the rate limiter. One that is in use stays so.
struct TokenProblem {
  std::string credential;  ///< name of the credential
  TokenOutlook outlook;
};
using TokenProblemPtr = std::shared_ptr<const TokenProblem>;

/// What an execution that still runs has to tell the platform.
struct Progress {
  ExecutionPtr execution;
  std::string body;  ///< the whole JSON body of the callback
};
using ProgressPtr = std::shared_ptr<const Progress>;

/// Blocking work that may be tried again: what came of an attempt at it, and the work itself.
struct TriedWork {
  std::uint64_t operation = 0;  ///< for which its requester waits
  WorkAttempt attempt;
  std::unique_ptr<BlockingWork> work;
};
using TriedWorkPtr = std::shared_ptr<TriedWork>;

struct Routes;
/// The service actors that calls and results go through, as they are now.
using RoutesPtr = std::shared_ptr<const Routes>;

/// Messages of vectors: one hand-over for a whole group commit.
struct AcceptedBatch {
  std::vector<ExecutionPtr> executions;
};
struct DecidedBatch {
  std::vector<Delivery> deliveries;
};
struct RecoveredBatch {
  std::vector<Unfinished> unfinished;
};

}  // namespace fulfilld

// In-process only: none of these is ever serialised.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fulfilld::CallPtr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fulfilld::TokenPtr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fulfilld::TokenProblemPtr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fulfilld::ProgressPtr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fulfilld::TriedWorkPtr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fulfilld::RoutesPtr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fulfilld::PulsePtr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fulfilld::ActionsPtr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fulfilld::AcceptedBatch)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fulfilld::DecidedBatch)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fulfilld::RecoveredBatch)

// clang-format off
CAF_BEGIN_TYPE_ID_BLOCK(fulfilld, caf::first_custom_type_id)
  CAF_ADD_TYPE_ID(fulfilld, (fulfilld::CallPtr))
  CAF_ADD_TYPE_ID(fulfilld, (fulfilld::TokenPtr))
  CAF_ADD_TYPE_ID(fulfilld, (fulfilld::TokenProblemPtr))
  CAF_ADD_TYPE_ID(fulfilld, (fulfilld::ProgressPtr))
  CAF_ADD_TYPE_ID(fulfilld, (fulfilld::TriedWorkPtr))
  CAF_ADD_TYPE_ID(fulfilld, (fulfilld::RoutesPtr))
  CAF_ADD_TYPE_ID(fulfilld, (fulfilld::PulsePtr))
  CAF_ADD_TYPE_ID(fulfilld, (fulfilld::ActionsPtr))
  CAF_ADD_TYPE_ID(fulfilld, (fulfilld::AcceptedBatch))
  CAF_ADD_TYPE_ID(fulfilld, (fulfilld::DecidedBatch))
  CAF_ADD_TYPE_ID(fulfilld, (fulfilld::RecoveredBatch))
  CAF_ADD_ATOM(fulfilld, fulfilld, call_atom, "call")          // a call, on its way out
  CAF_ADD_ATOM(fulfilld, fulfilld, answered_atom, "answered")  // a call, on its way back
  CAF_ADD_ATOM(fulfilld, fulfilld, run_atom, "run")            // begin
  CAF_ADD_ATOM(fulfilld, fulfilld, wake_atom, "wake")          // a wait is over
  CAF_ADD_ATOM(fulfilld, fulfilld, deadline_atom, "deadline")  // time is up
  CAF_ADD_ATOM(fulfilld, fulfilld, token_atom, "token")        // a token is pushed
  CAF_ADD_ATOM(fulfilld, fulfilld, refused_atom, "refused")    // a token was refused
  CAF_ADD_ATOM(fulfilld, fulfilld, expired_atom, "expired")    // a token is past its life
  CAF_ADD_ATOM(fulfilld, fulfilld, recorded_atom, "recorded")  // the journal has it
  CAF_ADD_ATOM(fulfilld, fulfilld, progress_atom, "progress")  // an execution is still under way
  CAF_ADD_ATOM(fulfilld, fulfilld, renew_atom, "renew")        // secrets may have changed
  CAF_ADD_ATOM(fulfilld, fulfilld, actions_atom, "actions")    // adapters were replaced
  CAF_ADD_ATOM(fulfilld, fulfilld, routes_atom, "routes")      // calls go another way now
  CAF_ADD_ATOM(fulfilld, fulfilld, pulse_atom, "pulse")        // are you alive?
CAF_END_TYPE_ID_BLOCK(fulfilld)
// clang-format on
